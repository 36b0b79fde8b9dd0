using Broker.Actors.Loops;

namespace Broker.Actors.Sessions;

/// <summary>
/// One connection below a session, on the session's loop. Messages go out in the order of the calls; nothing here
/// waits. What is over the bound of its outbox is told by <see cref="ITransportSink.Overflowed"/>.
/// </summary>
public interface ITransport
{
    Loop Loop { get; }

    IFraming Framing { get; }

    ConnectionInfo Connection { get; }

    /// <summary>The way in, lower case, as in metrics: <c>fast</c>, <c>pipe</c>, <c>upgrade</c> or one of an implementation's own.</summary>
    string Way { get; }

    /// <summary>What the client did wrong, where that ended the connection; null before, and where nothing was wrong.</summary>
    Disconnect? Failure => null;

    /// <summary>Bytes accepted that the socket has not taken yet.</summary>
    long QueuedBytes { get; }

    /// <summary>When bytes last came from the client, in the loop's <see cref="Loop.NowMs"/>.</summary>
    long LastHeardMs { get; }

    /// <summary>Sends complete frames by reference. The bytes are valid until the loop's tick ends; what the socket did not take is copied then.</summary>
    void Send(in FrameSlice frames);

    /// <summary>Frames one message and sends it.</summary>
    void Send(ReadOnlySpan<byte> payload, FrameKind kind);

    /// <summary>Asks the client for a sign of life; its answer moves <see cref="LastHeardMs"/>.</summary>
    void Ping();

    /// <summary>Stops reading, so that the client feels the broker's own limits. Messages already read but not delivered are kept.</summary>
    void PauseReading();

    void ResumeReading();

    /// <summary>Sends what is queued, then closes with the reason's code; at most a few seconds later the connection is gone.</summary>
    void Close(Disconnect reason);

    /// <summary>Ends the connection at once, sending nothing more.</summary>
    void Abort();
}
