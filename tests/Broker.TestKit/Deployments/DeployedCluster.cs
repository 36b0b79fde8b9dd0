using Broker.TestKit.Servers;

namespace Broker.TestKit.Deployments;

/// <summary>A cluster on this machine whose processes and connections a test may break: a RabbitMQ and a PostgreSQL of its own, and real nodes.</summary>
public sealed class DeployedCluster : IAsyncDisposable
{
    private readonly List<DeployedNode> _nodes = [];
    private readonly RabbitMqCluster _rabbitMq;

    private DeployedCluster(RabbitMqCluster rabbitMq, PostgreSqlServer postgreSql) => (_rabbitMq, PostgreSql) = (rabbitMq, postgreSql);

    /// <summary>One, or a cluster.</summary>
    public IReadOnlyList<RabbitMqServer> RabbitMqNodes => _rabbitMq.Nodes;

    /// <summary>The first of them.</summary>
    public RabbitMqServer RabbitMq => RabbitMqNodes[0];

    public PostgreSqlServer PostgreSql { get; }

    /// <summary>Every place, whether a process is there or not.</summary>
    public IReadOnlyList<DeployedNode> Nodes => _nodes;

    /// <summary>Starts servers and nodes, and returns when every node is ready.</summary>
    public static async Task<DeployedCluster> StartAsync(DeploymentOptions options, CancellationToken cancellationToken = default)
    {
        var rabbitMq = RabbitMqCluster.StartAsync(options.RabbitMqNodes);
        var postgreSql = PostgreSqlServer.StartAsync();
        try
        {
            await Task.WhenAll(rabbitMq, postgreSql);
        }
        catch
        {
            await DisposeOfAsync(rabbitMq);
            await DisposeOfAsync(postgreSql);
            throw;
        }

        var deployment = new DeployedCluster(await rabbitMq, await postgreSql);
        try
        {
            for (var i = 0; i < options.Nodes; i++)
            {
                deployment._nodes.Add(new DeployedNode(deployment, i, options));
            }

            var running = deployment._nodes.Take(options.Running ?? options.Nodes).ToArray();
            await Task.WhenAll(running.Select(node => node.StartAsync()));
            foreach (var node in running)
            {
                await node.WaitUntilReadyAsync(cancellationToken);
            }
        }
        catch
        {
            await deployment.DisposeAsync();
            throw;
        }

        return deployment;
    }

    /// <summary>Waits until every node that runs is ready.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        foreach (var node in _nodes.Where(node => node.IsRunning))
        {
            await node.WaitUntilReadyAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await _rabbitMq.DisposeAsync();
        await PostgreSql.DisposeAsync();
    }

    private static async ValueTask DisposeOfAsync<TServer>(Task<TServer> server)
        where TServer : IAsyncDisposable
    {
        if (server.IsCompletedSuccessfully)
        {
            await (await server).DisposeAsync();
        }
    }
}
