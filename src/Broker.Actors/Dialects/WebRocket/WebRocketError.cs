namespace Broker.Actors.Dialects.WebRocket;

/// <summary>What can go wrong; each version has its own words for it, docs/webrocket.md the table.</summary>
internal enum WebRocketError
{
    InvalidPayload,
    InvalidCredentials,
    InvalidUser,

    /// <summary>A channel that cannot be subscribed to: its name is empty or too long.</summary>
    InvalidName,

    /// <summary>A channel that cannot be published to: nobody has been there.</summary>
    InvalidChannel,

    InvalidClient,
    AccessDenied,

    // The broker's own: the original had no such limits.
    TooManyAttempts,
    TooManySubscriptions,
    TooManyPublishes,
    Unavailable,
    OutcomeUnknown,
}
