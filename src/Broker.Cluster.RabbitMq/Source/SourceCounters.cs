using Broker.Actors;
using Broker.Actors.Metrics;
using Broker.Messages;

namespace Broker.Cluster.RabbitMq.Source;

/// <summary>What a source counts since it was made; read from any thread.</summary>
public sealed class SourceCounters : ConnectionCounters
{
    private readonly Func<long> _underWay;

    /// <param name="underWay">Of the present connection.</param>
    internal SourceCounters(Func<long> underWay) => _underWay = underWay;

    /// <summary>Messages that RabbitMQ has handed over and that are not settled.</summary>
    public long UnderWay => _underWay();

    /// <summary>Messages that became events and were acknowledged, repeats of a key included.</summary>
    public Counter Published { get; } = new();

    /// <summary>Messages that came for another time: whoever had them before did not settle them.</summary>
    public Counter Redelivered { get; } = new();

    /// <summary>Messages put aside, by the reason's code.</summary>
    public CounterSet<string> DeadLettered { get; } = new();

    /// <summary>Emits that were refused for the moment and tried again, by why.</summary>
    public CounterSet<Refusal> Retried { get; } = new();
}
