namespace Broker.Client;

/// <summary>Why the broker refused a request: the error codes of the native dialect. New ones may come.</summary>
public enum BrokerErrorCode
{
    /// <summary>Not one JSON value, or too deep.</summary>
    ParseError = -32700,

    /// <summary>JSON, but no request.</summary>
    InvalidRequest = -32600,

    /// <summary>The broker is older than this client.</summary>
    MethodNotFound = -32601,

    /// <summary>A parameter is missing, unknown or of the wrong type.</summary>
    InvalidParams = -32602,

    /// <summary>A fault of the broker.</summary>
    InternalError = -32603,

    /// <summary>The broker could not take it within the request's time limit; nothing was done.</summary>
    Unavailable = -32001,

    /// <summary>It may or may not have been done.</summary>
    OutcomeUnknown = -32002,

    /// <summary>The channel or the app does not allow it.</summary>
    Forbidden = -32003,

    /// <summary>No such app, or it is not served here.</summary>
    UnknownApp = -32004,

    /// <summary>To be present, a client says first who it is.</summary>
    NotIdentified = -32005,

    /// <summary>No token of this app.</summary>
    InvalidToken = -32006,

    /// <summary>A newer token is needed.</summary>
    TokenExpired = -32007,

    /// <summary>The token's time is yet to come: a clock is wrong.</summary>
    TokenNotYetValid = -32008,

    /// <summary>The token is for something or somebody else.</summary>
    TokenMisplaced = -32009,

    /// <summary>There is no such subscription.</summary>
    NotSubscribed = -32010,

    /// <summary>The connection is subscribed already.</summary>
    AlreadySubscribed = -32011,

    /// <summary>The channel's name is too long.</summary>
    InvalidChannel = -32020,

    /// <summary>The event's name is too long.</summary>
    EventNameTooLong = -32021,

    /// <summary>The idempotency key is empty or too long.</summary>
    InvalidIdempotencyKey = -32022,

    /// <summary>What others are to see of a member is too large.</summary>
    InfoTooLarge = -32023,

    /// <summary>The connection has as many subscriptions as it may.</summary>
    TooManySubscriptions = -32030,

    /// <summary>The channel has as many members as it may.</summary>
    TooManyMembers = -32031,

    /// <summary>Faster than the connection may, for the whole of the request's time limit; nothing was done.</summary>
    TooManyPublishes = -32032,

    /// <summary>The app has as many connections as it may.</summary>
    AppFull = -32033,
}
