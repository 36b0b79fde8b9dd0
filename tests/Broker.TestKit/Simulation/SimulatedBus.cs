using Broker.Actors.Cluster;

namespace Broker.TestKit.Simulation;

/// <summary>One node's connection to the simulated exchange.</summary>
internal sealed class SimulatedBus(SimulatedExchange exchange) : INodeBus
{
    public SimulatedNode Node { get; set; } = null!;

    public IBusSink? Sink { get; private set; }

    /// <summary>As the node knows it.</summary>
    public bool IsConnected { get; set; }

    /// <summary>As the exchange knows it; null while there is none.</summary>
    public BusAddress? Address { get; set; }

    /// <summary>Grows with every connection and every loss of one: what is on its way belongs to one.</summary>
    public int Connection { get; set; }

    /// <summary>Bytes that wait in the node's queue.</summary>
    public long WaitingBytes { get; set; }

    // When the last of each kind gets through, so that none overtakes another.

    public long LastPublishedAt { get; set; }

    public long LastReturnedAt { get; set; }

    public long LastDeliveredAt { get; set; }

    /// <summary>Bytes that the node has given and the exchange has not got.</summary>
    public long UnpublishedBytes { get; set; }

    public void Start(IBusSink sink)
    {
        Sink = sink;
        exchange.Connect(this);
    }

    public bool TrySend(BusAddress to, SendId id, ReadOnlyMemory<byte> batch, bool confirm = false) => exchange.TrySend(this, to, id, batch, confirm);

    public bool TryNews(ReadOnlyMemory<byte> news) => exchange.TryNews(this, news);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
