namespace Broker.Actors.Loops;

/// <summary>What a loop waits in: an epoll set where sockets live on the loop, an event where they do not.</summary>
public interface ILoopPoller : IDisposable
{
    /// <summary>
    /// Handles what is ready, calling the connections' code on the loop's thread. Waits at most
    /// <paramref name="timeoutMs"/> milliseconds for something (0: not at all), less after a <see cref="Wake"/>.
    /// </summary>
    void Poll(int timeoutMs);

    /// <summary>Ends the current or the next wait. From any thread; several wakes may count as one.</summary>
    void Wake();
}
