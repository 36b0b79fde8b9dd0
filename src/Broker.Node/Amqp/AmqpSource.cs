using Broker.Actors;
using Broker.Cluster.RabbitMq.Source;
using Broker.Node.Apps;
using Broker.Node.Cluster;
using Broker.Node.Settings;

namespace Broker.Node.Amqp;

/// <summary>
/// The node's source of messages over AMQP, where the settings switch it on. The node is ready without it: clients and
/// HTTP need no source, and another node may have a way to RabbitMQ.
/// </summary>
internal sealed class AmqpSource(BrokerOptions options, LocalNode node, AmqpApps apps, ILoggerFactory loggers, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Of RabbitMQ's names of connections, which are for people.</summary>
    private const int MaxConnectionName = 100;

    private readonly RabbitMqSource? _source = options.Amqp.Enabled ? new RabbitMqSource(Options(options), node.Ingress, apps, loggers, time) : null;

    /// <summary>Null where it is off.</summary>
    public SourceCounters? Counters => _source?.Counters;

    public void Start() => _source?.Start();

    /// <summary>Takes no more, answers what is under way, and leaves the rest to other nodes; some seconds at most.</summary>
    public Task StopAsync() => _source?.StopAsync() ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _source?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static SourceOptions Options(BrokerOptions options)
    {
        var name = "broker amqp " + NodeAddress.Name(options);
        return new SourceOptions
        {
            ConnectionString = (options.Amqp.RabbitMq ?? options.Cluster.RabbitMq)!,   // as checked
            ConnectionName = name[..Math.Min(name.Length, MaxConnectionName)],
            Exchange = options.Amqp.Exchange,
            Queue = options.Amqp.Queue,
            Prefetch = options.Amqp.Prefetch,
            App = AppDirectory.Default,
            DataBytes = options.Limits.FrameBytes,
            JsonDepth = options.Limits.JsonDepth,
        };
    }
}
