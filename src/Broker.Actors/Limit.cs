namespace Broker.Actors;

/// <summary>What a client can run into, for counting; docs/security.md says for each where it is set and what the client sees.</summary>
public enum Limit
{
    /// <summary>Sessions of the node.</summary>
    NodeSessions,

    /// <summary>Sessions of one app.</summary>
    AppSessions,

    /// <summary>Sessions from one address.</summary>
    AddressSessions,

    /// <summary>Handshakes a second of the node.</summary>
    NodeHandshakes,

    /// <summary>Handshakes a second from one address.</summary>
    AddressHandshakes,

    /// <summary>The node's memory mark.</summary>
    Memory,

    /// <summary>Connections that have not finished their handshake: the one that waited longest was closed.</summary>
    OpenHandshakes,

    /// <summary>Connections of the HTTP server.</summary>
    HttpConnections,

    /// <summary>The time that a handshake may take.</summary>
    HandshakeTime,

    /// <summary>The size of a request's head.</summary>
    HeadBytes,

    /// <summary>The size of a message.</summary>
    FrameBytes,

    /// <summary>Messages a second: the session's reading was paused.</summary>
    FramesPerSecond,

    /// <summary>Bytes a second: the session's reading was paused.</summary>
    BytesPerSecond,

    /// <summary>Publishes a second of a session, or of a client over HTTP.</summary>
    PublishesPerSecond,

    /// <summary>Publishes a second over HTTP from one address.</summary>
    AddressPublishes,

    /// <summary>Publishes a second over HTTP of an app's backends.</summary>
    AppPublishes,

    /// <summary>Subscriptions of a session.</summary>
    Subscriptions,

    /// <summary>The length of a channel's name.</summary>
    ChannelName,

    /// <summary>The length of an event's name.</summary>
    EventName,

    /// <summary>The size of what a member tells about itself.</summary>
    MemberInfo,

    /// <summary>Members of a channel.</summary>
    Members,

    /// <summary>Levels of a JSON text.</summary>
    JsonDepth,

    /// <summary>What waits for one client: it was closed as slow.</summary>
    Outbox,

    /// <summary>Calls that wait for their answers, or answers that wait for their client: the session's reading was paused.</summary>
    Answers,

    /// <summary>Wrong secrets a minute from one address: what came then was not looked at.</summary>
    WrongSecrets,

    /// <summary>Calls of a client that wait behind the one that its service runs: reading was paused, or the session closed.</summary>
    QueuedCalls,

    /// <summary>The time that a service's method may take.</summary>
    CallTime,

    /// <summary>Requests of a service that wait for its client's answers: the oldest was thrown away.</summary>
    Callbacks,
}
