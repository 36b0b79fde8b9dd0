namespace Broker.Actors.Sessions;

/// <summary>What a transport tells its session, on the session's loop, one call at a time.</summary>
public interface ITransportSink
{
    /// <summary>One whole message. Text is valid UTF-8. The span is valid during the call only.</summary>
    void Received(ReadOnlySpan<byte> payload, FrameKind kind);

    /// <summary>The client does not take what is sent to it: the outbox is over its bound.</summary>
    void Overflowed();

    /// <summary>The connection is gone. Called once, last.</summary>
    /// <param name="clean">True after a close handshake that the client began; false when it just went away or was closed by us.</param>
    void Closed(bool clean);
}
