namespace Broker.Actors.Cluster;

/// <summary>
/// Carries bytes between incarnations: at most once, first in first out per sender and receiver; never waits, never throws.
/// What it takes may be lost without a word. A send to oneself goes the same way as one to another: it is a probe.
/// </summary>
public interface INodeBus : IAsyncDisposable
{
    /// <summary>Connects, and again after every loss of the connection, until it is disposed. Called once.</summary>
    void Start(IBusSink sink);

    /// <summary>Sends to one address; from any thread. Copies what it needs before it returns.</summary>
    /// <param name="id">Comes back when the batch is returned or confirmed.</param>
    /// <param name="confirm">
    /// True: <see cref="IBusSink.Confirmed"/> tells whether the batch was accepted, unless the connection is lost first. Such batches keep
    /// their order among themselves, and may overtake others or be overtaken.
    /// </param>
    /// <returns>False: not connected, or too much waits already; nothing was sent.</returns>
    bool TrySend(BusAddress to, SendId id, ReadOnlyMemory<byte> batch, bool confirm = false);

    /// <summary>Sends to every connected node, the sender too. Unordered against <see cref="TrySend"/>.</summary>
    bool TryNews(ReadOnlyMemory<byte> news);
}
