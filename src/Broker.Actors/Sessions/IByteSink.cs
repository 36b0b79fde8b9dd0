using Broker.Actors.Loops;

namespace Broker.Actors.Sessions;

/// <summary>Where an outbox sends to: a socket, a pipe, a stream. On the loop.</summary>
public interface IByteSink
{
    /// <summary>
    /// Takes as many bytes as go without waiting, from the first on; returns their number. When it took less than all
    /// it calls the outbox's owner once more can go. 0 also when the connection is gone, which is told elsewhere.
    /// </summary>
    long TrySend(ReadOnlySpan<FrameSlice> slices);
}
