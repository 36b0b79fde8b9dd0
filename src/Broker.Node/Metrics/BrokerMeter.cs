using System.Diagnostics.Metrics;

namespace Broker.Node.Metrics;

/// <summary>The node's meter: every one of its metrics as an instrument, for whoever listens.</summary>
internal sealed class BrokerMeter
{
    public BrokerMeter(IMeterFactory factory, NodeMetrics metrics)
    {
        Meter = factory.Create(NodeMetrics.MeterName);   // disposed by the factory
        Metrics = metrics.All;
        foreach (var metric in Metrics)
        {
            metric.AddTo(Meter);
        }
    }

    public Meter Meter { get; }

    public IReadOnlyList<Metric> Metrics { get; }
}
