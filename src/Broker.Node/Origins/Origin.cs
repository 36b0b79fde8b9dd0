using System.Buffers;
using System.Globalization;
using System.Net;

namespace Broker.Node.Origins;

/// <summary>Where a page comes from, as its browser says (RFC 6454): a scheme, a host and a port.</summary>
/// <param name="Scheme">In lower case.</param>
/// <param name="Host">In lower case; IPv6 in brackets. Empty for files.</param>
/// <param name="Port">The scheme's own where none is written.</param>
internal readonly record struct Origin(string Scheme, string Host, int Port)
{
    private static readonly SearchValues<char> NotInHosts = SearchValues.Create("/?#@\\ \"<>,");

    private const int HttpPort = 80;
    private const int HttpsPort = 443;

    /// <summary>True for pages of this machine: of a server on it, or files. Browsers say <c>file://</c> or <c>null</c> for those, and <c>null</c> for others too.</summary>
    public bool IsLocal => (Scheme == "file" && Host.Length == 0)
        || Host == "localhost" || Host.EndsWith(".localhost", StringComparison.Ordinal)
        || (IPAddress.TryParse(Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    // origin = scheme "://" host [ ":" port ] / "null"
    /// <summary>False for <c>null</c> and for what is no origin.</summary>
    public static bool TryParse(string? text, out Origin origin)
    {
        origin = default;
        var colon = text?.IndexOf("://", StringComparison.Ordinal) ?? -1;
        if (text is null || colon <= 0)
        {
            return false;
        }

        var scheme = text[..colon].ToLowerInvariant();
        if (!TrySplit(text[(colon + 3)..], out var host, out var port) || (host.Length == 0 && scheme != "file"))
        {
            return false;
        }

        var number = PortOf(scheme);
        if (port is not null && !TryParsePort(port, out number))
        {
            return false;
        }

        origin = new Origin(scheme, host, number);
        return true;
    }

    /// <summary>Whether this is the host that a request was made to: its Host header, the port of this origin's scheme where it has none.</summary>
    public bool IsOf(string? hostHeader) =>
        hostHeader is { Length: > 0 } && TrySplit(hostHeader, out var host, out var port) && host == Host
        && (port is null ? PortOf(Scheme) : TryParsePort(port, out var number) ? number : -1) == Port;

    public static int PortOf(string scheme) => scheme switch
    {
        "http" or "ws" => HttpPort,
        "https" or "wss" => HttpsPort,
        _ => 0,
    };

    public static bool TryParsePort(string text, out int port)
    {
        var isPort = ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        port = number;
        return isPort;
    }

    /// <summary>Splits a host from its port, which is null where there is none. False when there is more than those two.</summary>
    public static bool TrySplit(string authority, out string host, out string? port)
    {
        port = null;
        var end = authority.StartsWith('[') ? authority.IndexOf(']', StringComparison.Ordinal) + 1 : authority.IndexOf(':', StringComparison.Ordinal);
        end = end < 0 || (end == 0 && authority.StartsWith('[')) ? authority.Length : end;
        host = authority[..end].ToLowerInvariant();
        if (end < authority.Length)
        {
            port = authority[(end + 1)..];
            return authority[end] == ':' && port.Length > 0 && IsHost(host);
        }

        return IsHost(host);
    }

    private static bool IsHost(string host) => !host.AsSpan().ContainsAny(NotInHosts);
}
