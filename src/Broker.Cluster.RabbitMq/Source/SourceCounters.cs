using Broker.Actors;
using Broker.Actors.Metrics;
using Broker.Messages;

namespace Broker.Cluster.RabbitMq.Source;

/// <summary>What a source counts since it was made; read from any thread.</summary>
public sealed class SourceCounters
{
    private volatile bool _isConnected;
    private long _underWay;

    public bool IsConnected
    {
        get => _isConnected;
        internal set => _isConnected = value;
    }

    /// <summary>Messages that RabbitMQ has handed over and that are not settled.</summary>
    public long UnderWay => Volatile.Read(ref _underWay);

    /// <summary>How often the source was connected, the first time included.</summary>
    public Counter Connects { get; } = new();

    /// <summary>Attempts to connect, or to make its queues, that failed.</summary>
    public Counter FailedConnects { get; } = new();

    /// <summary>Messages that became events and were acknowledged, repeats of a key included.</summary>
    public Counter Published { get; } = new();

    /// <summary>Messages that came for another time: whoever had them before did not settle them.</summary>
    public Counter Redelivered { get; } = new();

    /// <summary>Messages put aside, by the reason's code.</summary>
    public CounterSet<string> DeadLettered { get; } = new();

    /// <summary>Emits that were refused for the moment and tried again, by why.</summary>
    public CounterSet<Refusal> Retried { get; } = new();

    internal void Came() => Interlocked.Increment(ref _underWay);

    internal void Went() => Interlocked.Decrement(ref _underWay);
}
