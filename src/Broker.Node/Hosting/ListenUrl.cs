using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Broker.Node.Hosting;

/// <summary>One address of <c>Broker:Urls</c>.</summary>
/// <param name="Text">As it stands in the settings.</param>
/// <param name="Addresses">What it means: <c>localhost</c> is two addresses where there is IPv6.</param>
/// <param name="Port">0 for any free one.</param>
internal sealed record ListenUrl(string Text, IReadOnlyList<IPAddress> Addresses, int Port)
{
    public bool IsLoopback => Addresses.All(IPAddress.IsLoopback);

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

    private static ListenUrl? Parse(string text, out string? failure)
    {
        failure = null;
        if (text.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
        {
            failure = $"cannot have https yet: \"{text}\". Put a proxy in front.";
            return null;
        }

        // Uri knows neither "*" nor "+", which mean every address.
        var known = text.Replace("//*", "//[::]", StringComparison.Ordinal).Replace("//+", "//[::]", StringComparison.Ordinal);
        if (!Uri.TryCreate(known, UriKind.Absolute, out var uri) || uri.Scheme != "http" || uri.PathAndQuery != "/" || !HasPort(known))
        {
            failure = $"must be addresses such as http://localhost:9772, separated by semicolons; \"{text}\" is none.";
            return null;
        }

        if (Resolve(uri) is { } addresses)
        {
            return new ListenUrl(text, addresses, uri.Port);
        }

        failure = $"must have an IP address, localhost or * as host, and \"{text}\" has \"{uri.Host}\".";
        return null;
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
