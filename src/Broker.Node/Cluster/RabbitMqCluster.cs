using Broker.Cluster.RabbitMq;
using Broker.Node.Settings;
using Broker.Storage.PostgreSql;
using ClusterOptions = Broker.Actors.Cluster.ClusterOptions;

namespace Broker.Node.Cluster;

/// <summary>RabbitMQ between the nodes, PostgreSQL to say who owns what.</summary>
internal sealed class RabbitMqCluster(BrokerOptions options, ILoggerFactory loggers, TimeProvider time) : IClusterEngine, IAsyncDisposable
{
    /// <summary>Of RabbitMQ's names of connections, which are for people.</summary>
    private const int MaxConnectionName = 100;

    private PostgreSqlAuthority? _authority;

    public RabbitMqCounters? Bus { get; private set; }

    public AuthorityCounters? Authority => _authority?.Counters;

    public ClusterOptions? Create(Action leaveAsked)
    {
        if (options.Cluster is not { PostgreSql: { } postgreSql, RabbitMq: { } rabbitMq })
        {
            return null;
        }

        var name = NodeAddress.Name(options);
        var connection = "broker " + name;
        _authority = new PostgreSqlAuthority(new PostgreSqlOptions { ConnectionString = postgreSql, Shards = options.Cluster.Shards }, loggers);
        var bus = new RabbitMqBus(
            new RabbitMqOptions { ConnectionString = rabbitMq, ConnectionName = connection[..Math.Min(connection.Length, MaxConnectionName)] }, loggers, time);
        Bus = bus.Counters;
        return new ClusterOptions(bus, _authority)
        {
            Name = name,
            Url = NodeAddress.Url(options),
            LeaveAsked = leaveAsked,
            IsBusClustered = rabbitMq.Contains(',', StringComparison.Ordinal),   // several of its nodes
        };
    }

    // The bus is the node's to dispose of.
    public ValueTask DisposeAsync() => _authority?.DisposeAsync() ?? ValueTask.CompletedTask;
}
