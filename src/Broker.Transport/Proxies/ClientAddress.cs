using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Broker.Transport.Proxies;

/// <summary>An address as proxies write it into headers.</summary>
internal static class ClientAddress
{
    private static readonly SearchValues<char> DottedDigits = SearchValues.Create("0123456789.");

    // node = nodename [ ":" node-port ];  nodename = IPv4address / "[" IPv6address "]" / "unknown" / obfnode      RFC 7239 section 6
    // X-Forwarded-For has the same, and IPv6 without brackets.
    public static bool TryParse(ReadOnlySpan<char> text, out IPEndPoint client)
    {
        client = new IPEndPoint(IPAddress.None, 0);
        var (host, port) = Split(text.Trim(" \t"));
        if (!IPAddress.TryParse(host, out var address) || !IsPlain(host, address) || !TryParsePort(port, out var number))
        {
            return false;
        }

        client = new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, number);
        return true;
    }

    /// <summary>False for the short forms of IPv4 that the framework also takes, such as <c>1</c> for 0.0.0.1, and for zones.</summary>
    public static bool IsPlain(ReadOnlySpan<char> text, IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
        ? text.Count('.') == 3 && !text.ContainsAnyExcept(DottedDigits)
        : text.IndexOf('%') < 0 && text.IndexOfAny("[]") < 0;

    private static (string Host, string Port) Split(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("[") && text.IndexOf(']') is > 0 and var bracket)
        {
            var rest = text[(bracket + 1)..];
            return rest.IsEmpty ? (text[1..bracket].ToString(), "")
                : rest[0] == ':' ? (text[1..bracket].ToString(), rest[1..].ToString())
                : ("", "");
        }

        var colon = text.IndexOf(':');
        return colon >= 0 && colon == text.LastIndexOf(':')
            ? (text[..colon].ToString(), text[(colon + 1)..].ToString())
            : (text.ToString(), "");
    }

    // An obfuscated port begins with an underscore, and says nothing.
    private static bool TryParsePort(string text, out int port)
    {
        port = 0;
        if (text.Length == 0 || text[0] == '_')
        {
            return true;
        }

        var isPort = ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        port = number;
        return isPort;
    }
}
