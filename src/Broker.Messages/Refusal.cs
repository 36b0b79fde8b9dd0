namespace Broker.Messages;

/// <summary>Why a command was not carried out. Dialects translate it into their own codes; each has its line in docs/native.md.</summary>
public enum Refusal
{
    None = 0,

    /// <summary>The channel's name is empty, too long or has characters that the dialect does not allow.</summary>
    InvalidChannel,

    /// <summary>The channel's namespace does not give this identity the right.</summary>
    Forbidden,

    /// <summary>No such app, or it is not served here.</summary>
    UnknownApp,

    /// <summary>The session has as many subscriptions as it may.</summary>
    TooManySubscriptions,

    /// <summary>The session publishes faster than it may; nothing was done.</summary>
    TooManyPublishes,

    /// <summary>The app has as many sessions as it may.</summary>
    AppFull,

    /// <summary>The channel has as many members as it may.</summary>
    TooManyMembers,

    /// <summary>A member's info is larger than allowed.</summary>
    InfoTooLarge,

    /// <summary>The event's name is longer than allowed.</summary>
    EventNameTooLong,

    /// <summary>The idempotency key is empty or longer than <see cref="IdempotencyKey.MaxBytes"/>.</summary>
    InvalidKey,

    /// <summary>The session is not a subscriber of the channel.</summary>
    NotSubscribed,

    /// <summary>The session is a subscriber already.</summary>
    AlreadySubscribed,

    /// <summary>The broker cannot take it now; nothing was done; try again.</summary>
    Unavailable,

    /// <summary>It may or may not have been done: its owner was lost before it answered. Repeat with an idempotency key.</summary>
    OutcomeUnknown,
}
