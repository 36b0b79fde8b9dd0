using System.Globalization;
using System.Text;
using Broker.Transport.Deflate;

namespace Broker.Transport.Handshake;

/// <summary>The server's side of the opening handshake, RFC 6455 section 4.2.2.</summary>
public static class HandshakeResponse
{
    /// <param name="request">The accepted request.</param>
    /// <param name="subprotocol">One of those offered; null for none.</param>
    /// <param name="deflate">What was agreed; null for nothing.</param>
    public static byte[] Accept(UpgradeRequest request, string? subprotocol, DeflateParameters? deflate)
    {
        ArgumentNullException.ThrowIfNull(request);
        var text = new StringBuilder(256)
            .Append("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
            .Append("Sec-WebSocket-Accept: ").Append(AcceptKey.For(request.Key)).Append("\r\n");
        if (subprotocol is not null)
        {
            text.Append("Sec-WebSocket-Protocol: ").Append(subprotocol).Append("\r\n");
        }

        if (deflate is not null)
        {
            text.Append("Sec-WebSocket-Extensions: ").Append(deflate.Response).Append("\r\n");
        }

        return Encoding.ASCII.GetBytes(text.Append("\r\n").ToString());
    }

    /// <summary>A refusal, after which the connection is closed.</summary>
    public static byte[] Refuse(HandshakeRefusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        var body = Encoding.UTF8.GetBytes(refusal.Reason + "\n");
        var extra = string.Concat(refusal.Headers.Select(header => $"{header.Key}: {header.Value}\r\n"));
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {refusal.Status} {Phrase(refusal.Status)}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {body.Length}\r\nConnection: close\r\n{extra}\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }

    private static string Phrase(int status) => status switch
    {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        426 => "Upgrade Required",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        503 => "Service Unavailable",
        _ => "Refused",
    };
}
