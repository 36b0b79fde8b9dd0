using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Broker.Node.Hosting;

/// <summary>One address of <c>Broker:Urls</c> or of a listener.</summary>
/// <param name="Text">As it stands in the settings.</param>
/// <param name="IsSecure">Whether it is <c>https</c>.</param>
/// <param name="Addresses">What it means: <c>localhost</c> is two addresses where there is IPv6. None for a unix socket.</param>
/// <param name="Port">0 for any free one.</param>
/// <param name="SocketPath">Where the unix socket is; null for a port.</param>
internal sealed record ListenUrl(string Text, bool IsSecure, IReadOnlyList<IPAddress> Addresses, int Port, string? SocketPath = null)
{
    // As Kestrel writes it.
    private const string Unix = "://unix:";

    // struct sockaddr_un has 108 bytes for it, the last of which is zero.
    private const int MaxSocketPathBytes = 107;

    /// <summary>Whether it is bound to loopback. A unix socket is not: hardly anything but a proxy connects to one.</summary>
    public bool IsLoopback => SocketPath is null && Addresses.All(IPAddress.IsLoopback);

    /// <summary>Reads addresses separated by semicolons; null when one is wrong, and <paramref name="failure"/> says why.</summary>
    public static IReadOnlyList<ListenUrl>? ParseAll(string urls, out string? failure)
    {
        failure = null;
        var parsed = new List<ListenUrl>();
        foreach (var text in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Parse(text, out failure) is not { } url)
            {
                return null;
            }

            parsed.Add(url);
        }

        failure = parsed.Count == 0 ? "must name an address, such as http://localhost:9772." : null;
        return parsed.Count == 0 ? null : parsed;
    }

    /// <summary>Reads one address; null when it is wrong, and <paramref name="failure"/> says why.</summary>
    public static ListenUrl? Parse(string text, out string? failure)
    {
        if (text.Contains(Unix, StringComparison.OrdinalIgnoreCase))
        {
            return ParseUnix(text, out failure);
        }

        failure = null;

        // Uri knows neither "*" nor "+", which mean every address.
        var known = text.Replace("//*", "//[::]", StringComparison.Ordinal).Replace("//+", "//[::]", StringComparison.Ordinal);
        if (!Uri.TryCreate(known, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/" || !HasPort(known))
        {
            failure = $"must be addresses such as http://localhost:9772, separated by semicolons; \"{text}\" is none.";
            return null;
        }

        if (Resolve(uri) is { } addresses)
        {
            return new ListenUrl(text, uri.Scheme == "https", addresses, uri.Port);
        }

        failure = $"must have an IP address, localhost or * as host, and \"{text}\" has \"{uri.Host}\".";
        return null;
    }

    private static ListenUrl? ParseUnix(string text, out string? failure)
    {
        var at = text.IndexOf(Unix, StringComparison.OrdinalIgnoreCase);
        var scheme = text[..at].ToLowerInvariant();
        var path = text[(at + Unix.Length)..];
        var isRight = scheme is "http" or "https" && path.StartsWith('/') && Encoding.UTF8.GetByteCount(path) <= MaxSocketPathBytes;
        failure = isRight ? null : $"must have the full path of a unix socket, as in http://unix:/run/broker.sock, of {MaxSocketPathBytes} bytes at most; \"{text}\" has none.";
        return isRight ? new ListenUrl(text, scheme == "https", [], 0, path) : null;
    }

    // http without a port would be 80, which hardly anybody means here.
    private static bool HasPort(string url) =>
        url.TrimEnd('/') is var bare && bare.LastIndexOf(':') is var colon && colon > bare.LastIndexOf(']')
        && ushort.TryParse(bare.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static IPAddress[]? Resolve(Uri uri)
    {
        if (uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            // With port 0 each address would get a port of its own.
            return uri.Port != 0 && HasLoopbackV6() ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Loopback];
        }

        return IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address)
            ? [!Socket.OSSupportsIPv6 && address.Equals(IPAddress.IPv6Any) ? IPAddress.Any : address]
            : null;
    }

    private static bool HasLoopbackV6()
    {
        if (!Socket.OSSupportsIPv6)
        {
            return false;
        }

        using var probe = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
