namespace Broker.Transport.Framing;

/// <summary>What <see cref="MessageReader.Read"/> found.</summary>
internal enum ReadOutcome
{
    /// <summary>All input is used up; nothing is complete.</summary>
    NeedMore,
    Text,
    Binary,
    Ping,
    Pong,

    /// <summary>A valid close frame; its payload is empty or a code and a reason.</summary>
    Close,

    /// <summary>The client broke the protocol: <see cref="MessageReader.Failure"/> says how to close. Nothing can be read any more.</summary>
    Failed,
}
