namespace Broker.Actors.Sessions;

/// <summary>
/// Why the broker closes a connection. The catalogue below is the only place where codes are made; dialects with codes
/// of their own translate it. Codes 3000-3499 invite the client to reconnect, 3500-3999 tell it not to; the codes below
/// 3000 are RFC 6455's (section 7.4.1).
/// </summary>
/// <param name="Code">WebSocket close code.</param>
/// <param name="Reason">Short text for people, at most 123 bytes.</param>
/// <param name="MayReconnect">True when trying again can help.</param>
public sealed record Disconnect(int Code, string Reason, bool MayReconnect)
{
    /// <summary>Bytes of a reason: a close frame has room for no more.</summary>
    public const int MaxReasonBytes = 123;

    /// <summary>The client closed, or asked the broker to.</summary>
    public static Disconnect Normal { get; } = new(1000, "", MayReconnect: true);

    /// <summary>The node is going down. Reconnect, to any node.</summary>
    public static Disconnect Shutdown { get; } = new(1001, "shutdown", MayReconnect: true);

    /// <summary>A frame breaks RFC 6455. A fault of the client's library.</summary>
    public static Disconnect ProtocolError { get; } = new(1002, "protocol error", MayReconnect: false);

    /// <summary>A kind of message that the dialect does not take.</summary>
    public static Disconnect UnsupportedData { get; } = new(1003, "unsupported data", MayReconnect: false);

    /// <summary>Text that is not UTF-8, or deflated data that cannot be inflated.</summary>
    public static Disconnect InvalidPayload { get; } = new(1007, "invalid payload", MayReconnect: false);

    /// <summary>A message larger than <c>Broker:Limits:FrameBytes</c>.</summary>
    public static Disconnect TooBig { get; } = new(1009, "message too big", MayReconnect: false);

    /// <summary>A bug in the broker closed this session; it was logged. Reconnect.</summary>
    public static Disconnect InternalError { get; } = new(1011, "internal error", MayReconnect: true);

    /// <summary>The client's token has expired. Reconnect, with a new one.</summary>
    public static Disconnect Expired { get; } = new(3005, "expired", MayReconnect: true);

    /// <summary>The client reads more slowly than its channels speak. Reconnect and recover.</summary>
    public static Disconnect Slow { get; } = new(3008, "slow", MayReconnect: true);

    /// <summary>No answer to a ping. Reconnect.</summary>
    public static Disconnect NoPong { get; } = new(3012, "no pong", MayReconnect: true);

    /// <summary>An operator closed the session. Reconnect.</summary>
    public static Disconnect ByOperator { get; } = new(3020, "disconnected by operator", MayReconnect: true);

    /// <summary>A channel that the connection is about cannot be reached now. Reconnect.</summary>
    public static Disconnect Unavailable { get; } = new(3021, "unavailable", MayReconnect: true);

    /// <summary>The client sent one token after the other that was refused. Get a good one before coming back.</summary>
    public static Disconnect TooManyRefusedTokens { get; } = new(3500, "too many refused tokens", MayReconnect: false);

    /// <summary>More calls wait for their answer than a connection may have under way. Wait for answers before asking on.</summary>
    public static Disconnect TooManyCalls { get; } = new(3510, "too many unanswered calls", MayReconnect: false);

    /// <summary>An operator closed the session for good. Do not reconnect.</summary>
    public static Disconnect SentAway { get; } = new(3520, "sent away by operator", MayReconnect: false);

    /// <summary>Every entry, for the docs and for tests.</summary>
    public static IReadOnlyList<Disconnect> Catalogue { get; } =
    [
        Normal, Shutdown, ProtocolError, UnsupportedData, InvalidPayload, TooBig, InternalError, Expired, Slow, NoPong, ByOperator, Unavailable,
        TooManyRefusedTokens, TooManyCalls, SentAway,
    ];

    /// <summary>The entry with a code; null for none.</summary>
    public static Disconnect? Find(int code) => Catalogue.FirstOrDefault(entry => entry.Code == code);
}
