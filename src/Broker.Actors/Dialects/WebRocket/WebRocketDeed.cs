namespace Broker.Actors.Dialects.WebRocket;

/// <summary>What a success tells of.</summary>
internal enum WebRocketDeed
{
    Authenticated,
    Subscribed,
    Unsubscribed,

    /// <summary>Published, in version 1.</summary>
    Broadcasted,

    DirectSent,
    LoggedOut,
    Disconnected,
}
