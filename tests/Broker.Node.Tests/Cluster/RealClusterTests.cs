using Broker.Messages;

namespace Broker.Node.Tests.Cluster;

/// <summary>Three nodes, PostgreSQL, RabbitMQ and haproxy, from the first command to the last.</summary>
[Trait("Needs", "cluster")]
[Collection(ClusterCollection.Name)]
public sealed class RealClusterTests
{
    private const string Channel = "everywhere";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Cluster_FromUpToDown_DeliversEveryEventOnEveryNode()
    {
        await using var cluster = await RealCluster.StartAsync(
            3, ("Broker__Drain__PreDrain", "00:00:01"), ("Broker__Drain__Window", "00:00:01"));
        cluster.Nodes.Select(node => node.Id).ShouldBe(["n1", "n2", "n3"]);
        using var http = new HttpClient { Timeout = Patience };

        // A reader on each node, and three more wherever haproxy puts them.
        var direct = await Task.WhenAll(cluster.Nodes.Select(node => ClusterReader.OpenAsync(node.Url, Channel, node.Id)));
        var balanced = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ClusterReader.OpenAsync(cluster.LoadBalancer, Channel, "haproxy")));
        (await Task.WhenAll(cluster.Nodes.Select(node => SessionsAsync(http, node.Url)))).ShouldBe([2, 2, 2]);

        var number = 0;
        foreach (var server in cluster.Nodes.Select(node => node.Url).Append(cluster.LoadBalancer))
        {
            await ClusterWriter.PublishAsync(http, server, Channel, ++number);
        }

        foreach (var reader in direct.Concat(balanced))
        {
            (await reader.ReadAsync(4)).ShouldBe([1, 2, 3, 4], reader.Where);
        }

        // The channel's owner dies. Those who are on the other two go on.
        var owner = await OwnerAsync(cluster, http);
        await cluster.RunAsync("kill", owner);
        await cluster.LookAsync();
        cluster.Nodes.Select(node => node.Id).ShouldNotContain(owner);
        foreach (var server in cluster.Nodes.Select(node => node.Url).Append(cluster.LoadBalancer))
        {
            await ClusterWriter.PublishAsync(http, server, Channel, ++number);
        }

        var staying = direct.Where(reader => reader.Where != owner).ToArray();
        foreach (var reader in staying)
        {
            (await reader.ReadUntilAsync(number)).ShouldBe([5, 6, 7], reader.Where);
        }

        // One leaves in good order: its clients are asked to go, the last one serves alone.
        await cluster.RunAsync("leave", staying[0].Where);
        await staying[0].WaitForCloseAsync();
        staying[0].CloseStatus.ShouldBe(WebSocketCloseStatus.EndpointUnavailable);
        await cluster.LookAsync();
        cluster.Nodes.ShouldHaveSingleItem().Id.ShouldBe(staying[1].Where);
        await ClusterWriter.PublishAsync(http, cluster.Nodes[0].Url, Channel, ++number);
        (await staying[1].ReadUntilAsync(number)).ShouldBe([8]);

        // And it comes back.
        await cluster.RunAsync("start", staying[0].Where);
        (await cluster.RunAsync("pbm", "cluster", "status", "--nodes", "2", "--wait")).ShouldStartWith("healthy: 2 of 2 nodes up");
        await using (var late = await ClusterReader.OpenAsync(UrlOf(staying[0].Where), Channel, "late"))
        {
            await ClusterWriter.PublishAsync(http, cluster.Nodes[0].Url, Channel, ++number);
            (await late.ReadAsync(1)).ShouldBe([9]);
        }

        await cluster.DownAsync();
        foreach (var reader in direct.Concat(balanced))
        {
            await reader.DisposeAsync();
        }

        Uri UrlOf(string node) => new(File.ReadAllText(Path.Combine(cluster.Data, "nodes", node, "url")).Trim());
    }

    private static async Task<string> OwnerAsync(RealCluster cluster, HttpClient http)
    {
        var shard = ShardId.Of(new ChannelName("default", Channel), ShardId.DefaultCount).Value;
        using var asking = new HttpClient { BaseAddress = cluster.Nodes[0].Url, Timeout = http.Timeout };
        var (_, shards) = await asking.AdminAsync(cluster.Token, "GET", "/cluster/shards");
        return shards[shard].GetProperty("name").GetString()!;
    }

    private static async Task<int> SessionsAsync(HttpClient http, Uri node)
    {
        using var health = System.Text.Json.JsonDocument.Parse(await http.GetStringAsync(new Uri(node, "/health/ready")));
        return health.RootElement.GetProperty("sessions").GetInt32();
    }
}
