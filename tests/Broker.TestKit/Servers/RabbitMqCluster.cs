namespace Broker.TestKit.Servers;

/// <summary>Several RabbitMQ nodes that are one cluster; each can be stopped, killed and started again by itself.</summary>
public sealed class RabbitMqCluster : IAsyncDisposable
{
    private readonly Epmd _epmd = Epmd.Start();

    private RabbitMqCluster()
    {
    }

    public IReadOnlyList<RabbitMqServer> Nodes { get; private set; } = [];

    /// <param name="settings">More lines of each node's own configuration.</param>
    public static async Task<RabbitMqCluster> StartAsync(int nodes = 3, params string[] settings)
    {
        var cluster = new RabbitMqCluster();
        try
        {
            for (var i = 0; i < nodes; i++)
            {
                var node = await RabbitMqServer.StartAsync(cluster._epmd, ownsEpmd: false, ["cluster_partition_handling = pause_minority", .. settings]);
                cluster.Nodes = [.. cluster.Nodes, node];
                if (i > 0)
                {
                    await node.JoinAsync(cluster.Nodes[0]);
                }
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        _epmd.Dispose();
    }
}
