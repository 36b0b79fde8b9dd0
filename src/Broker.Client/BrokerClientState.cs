namespace Broker.Client;

/// <summary>What a client is doing.</summary>
public enum BrokerClientState
{
    /// <summary>Nothing has been asked of it yet.</summary>
    New,

    /// <summary>It opens a connection and says who it is.</summary>
    Connecting,

    /// <summary>Requests go out at once.</summary>
    Connected,

    /// <summary>It waits before it connects again.</summary>
    Waiting,

    /// <summary>It was disposed, or told not to come back. Nothing follows.</summary>
    Closed,
}
