namespace Broker.Messages;

/// <summary>Why a command was not carried out. Dialects translate it into their own codes; each has its line in docs/native.md.</summary>
/// <remarks>The numbers go between nodes: they stay what they are, and new ones come behind.</remarks>
public enum Refusal
{
    None = 0,

    /// <summary>The channel's name is empty, too long or has characters that the dialect does not allow.</summary>
    InvalidChannel = 1,

    /// <summary>The channel's namespace does not give this identity the right.</summary>
    Forbidden = 2,

    /// <summary>No such app, or it is not served here.</summary>
    UnknownApp = 3,

    /// <summary>The session has as many subscriptions as it may.</summary>
    TooManySubscriptions = 4,

    /// <summary>The channel has as many members as it may.</summary>
    TooManyMembers = 5,

    /// <summary>A member's info is larger than allowed.</summary>
    InfoTooLarge = 6,

    /// <summary>The event's name is longer than allowed.</summary>
    EventNameTooLong = 7,

    /// <summary>The idempotency key is empty or longer than <see cref="IdempotencyKey.MaxBytes"/>.</summary>
    InvalidKey = 8,

    /// <summary>The session is not a subscriber of the channel.</summary>
    NotSubscribed = 9,

    /// <summary>The session is a subscriber already.</summary>
    AlreadySubscribed = 10,

    /// <summary>The broker cannot take it now; nothing was done; try again.</summary>
    Unavailable = 11,

    /// <summary>It may or may not have been done: its owner was lost before it answered. Repeat with an idempotency key.</summary>
    OutcomeUnknown = 12,

    /// <summary>The client publishes faster than it may; nothing was done.</summary>
    TooManyPublishes = 13,

    /// <summary>The app has as many sessions as it may.</summary>
    AppFull = 14,

    /// <summary>Nobody has been in the channel yet, and the emit wanted it to be there already; nothing was done.</summary>
    UnknownChannel = 15,
}
