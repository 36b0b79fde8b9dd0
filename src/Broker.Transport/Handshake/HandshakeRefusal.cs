using System.Globalization;

namespace Broker.Transport.Handshake;

/// <summary>Why an upgrade is refused, as HTTP says it.</summary>
/// <param name="Status">400, 403, 404, 405, 426, 429, 431 or 503.</param>
/// <param name="Reason">One line of text for the body.</param>
public sealed record HandshakeRefusal(int Status, string Reason)
{
    public static HandshakeRefusal TooLarge { get; } = new(431, "The request's head is too large.");

    public static HandshakeRefusal Malformed { get; } = new(400, "The request is not valid HTTP/1.1.");

    /// <summary>The answer names the version that is spoken: RFC 6455 section 4.4.</summary>
    public static HandshakeRefusal WrongVersion { get; } = new(426, "Only version 13 of WebSocket is spoken here.");

    /// <summary>When it is worth to try again, where the status says that it may be.</summary>
    public int RetryAfterSeconds { get; init; } = 1;

    /// <summary>Headers that belong to the status.</summary>
    public IEnumerable<KeyValuePair<string, string>> Headers => Status switch
    {
        426 => [new("Upgrade", "websocket"), new("Sec-WebSocket-Version", "13")],
        429 or 503 => [new("Retry-After", RetryAfterSeconds.ToString(CultureInfo.InvariantCulture))],
        _ => [],
    };
}
