using System.Text;
using System.Text.Unicode;
using Broker.Transport.Deflate;

namespace Broker.Transport.Handshake;

/// <summary>A valid opening handshake of a client, RFC 6455 section 4.2.1.</summary>
/// <param name="Head">The whole head, for whoever needs more of it.</param>
/// <param name="Path">The path, percent-decoded except for <c>%2F</c>.</param>
/// <param name="Key">The client's <c>Sec-WebSocket-Key</c>.</param>
/// <param name="Origin">The Origin header; null for none.</param>
/// <param name="Subprotocols">Offered subprotocols in the client's order.</param>
/// <param name="Deflate">The first acceptable offer of permessage-deflate; null for none.</param>
public sealed record UpgradeRequest(
    RequestHead Head, string Path, string Key, string? Origin, IReadOnlyList<string> Subprotocols, DeflateParameters? Deflate)
{
    public string Query => Head.Query;

    /// <summary>True for requests that ask for a WebSocket, rightly or wrongly; all others are plain HTTP.</summary>
    public static bool IsAskedFor(RequestHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        return head.Method == "GET" && head.HasToken("Upgrade", "websocket");
    }

    /// <summary>Reads a head that asks for a WebSocket; when something is wrong with it the refusal says what.</summary>
    public static UpgradeRequest? TryRead(RequestHead head, out HandshakeRefusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(head);
        refusal = Check(head);
        if (refusal is not null)
        {
            return null;
        }

        try
        {
            var path = DecodePath(head.RawPath);
            var subprotocols = ReadSubprotocols(head);
            var deflate = DeflateParameters.Negotiate(head.Values("Sec-WebSocket-Extensions"));
            return new UpgradeRequest(head, path, head.Single("Sec-WebSocket-Key")!, head.Single("Origin"), subprotocols, deflate);
        }
        catch (FormatException)
        {
            refusal = new HandshakeRefusal(400, "The path or a Sec-WebSocket header is malformed.");
            return null;
        }
    }

    private static HandshakeRefusal? Check(RequestHead head)
    {
        if (!IsAskedFor(head) || !head.HasToken("Connection", "Upgrade"))
        {
            return new HandshakeRefusal(400, "Not a WebSocket handshake.");
        }

        if (string.IsNullOrEmpty(head.Single("Host")))
        {
            return new HandshakeRefusal(400, "A request needs one Host header.");
        }

        if (head.Values("Content-Length").Any(length => length != "0") || head.Values("Transfer-Encoding").Any())
        {
            return new HandshakeRefusal(400, "A handshake has no body.");
        }

        if (head.Single("Sec-WebSocket-Version") != "13")
        {
            return HandshakeRefusal.WrongVersion;
        }

        return head.Single("Sec-WebSocket-Key") is { } key && AcceptKey.IsValidKey(key)
            ? null
            : new HandshakeRefusal(400, "Sec-WebSocket-Key must be 16 bytes in base64.");
    }

    /// <summary>Tokens, each once: RFC 6455 section 4.1.</summary>
    private static List<string> ReadSubprotocols(RequestHead head)
    {
        var names = new List<string>();
        foreach (var header in head.Values("Sec-WebSocket-Protocol"))
        {
            foreach (var item in header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (item.AsSpan().ContainsAnyExcept(TokenReader.TokenChars) || names.Contains(item, StringComparer.Ordinal))
                {
                    throw new FormatException("A subprotocol is doubled or no token.");
                }

                names.Add(item);
            }
        }

        return names;
    }

    private static string DecodePath(string raw)
    {
        if (!raw.Contains('%', StringComparison.Ordinal))
        {
            return raw;
        }

        var bytes = new byte[raw.Length];
        var length = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '%')
            {
                bytes[length++] = (byte)raw[i];
                continue;
            }

            if (i + 2 >= raw.Length || !char.IsAsciiHexDigit(raw[i + 1]) || !char.IsAsciiHexDigit(raw[i + 2]))
            {
                throw new FormatException("A percent sign needs two hexadecimal digits.");
            }

            var value = Convert.FromHexString(raw.AsSpan(i + 1, 2))[0];
            switch (value)
            {
                case 0:
                    throw new FormatException("A path has no NUL.");
                case (byte)'/':
                    bytes[length++] = (byte)'%';   // an encoded slash is no separator, so it stays encoded
                    break;
                default:
                    bytes[length++] = value;
                    i += 2;
                    break;
            }
        }

        return Utf8.IsValid(bytes.AsSpan(0, length))
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : throw new FormatException("A path is UTF-8.");
    }
}
