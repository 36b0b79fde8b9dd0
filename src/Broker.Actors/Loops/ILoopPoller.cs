namespace Broker.Actors.Loops;

/// <summary>What a loop waits in: an epoll set where sockets live on the loop, an event where they do not.</summary>
public interface ILoopPoller : IDisposable
{
    /// <summary>
    /// Waits at most <paramref name="timeoutMs"/> milliseconds (0: not at all, -1: for ever) for something to be ready,
    /// less after a <see cref="Wake"/>.
    /// </summary>
    void Poll(int timeoutMs);

    /// <summary>
    /// Handles what <see cref="Poll"/> found, calling the connections' code on the loop's thread. The loop has read its
    /// clock in between, so that what comes after a long wait is not dated before it.
    /// </summary>
    void Dispatch()
    {
    }

    /// <summary>
    /// Nothing more is read during this <see cref="Dispatch"/>: what came is enough for one tick. The rest waits in the
    /// sockets for the next one.
    /// </summary>
    void EndReading()
    {
    }

    /// <summary>Ends the current or the next wait. From any thread; several wakes may count as one.</summary>
    void Wake();
}
