using System.Text.Json;
using Broker.Client.Tests.Fakes;
using Broker.Node.Tests.Cluster;

namespace Broker.Client.Tests.Nodes;

/// <summary>Clients of a cluster of three, of which one node is killed.</summary>
[Trait("Needs", "cluster")]
public sealed class ClusterTests
{
    private const int Before = 50;
    private const int Meanwhile = 200;

    [Fact]
    public async Task Node_ThatIsKilledUnderItsClient_CostsNoEventAndDoublesNone()
    {
        await using var cluster = await RealCluster.StartAsync(3);
        await using var there = new BrokerClient(Options(cluster.LoadBalancer));
        await there.ConnectAsync();
        var victim = await ServingAsync(cluster);
        await using var elsewhere = new BrokerClient(Options(cluster.Nodes.First(node => node != victim).Url));
        var subscription = there.Subscribe("chat");
        await subscription.WhenSubscribedAsync();
        await using var reading = new Reading(subscription);
        for (var number = 1; number <= Before; number++)
        {
            await elsewhere.PublishAsync("chat", "n", JsonData.Of(number));
        }

        // Some by the client whose node dies: they are repeated with their keys on another one.
        var killing = cluster.RunAsync("kill", victim.Id);
        var publishing = Enumerable.Range(Before + 1, Meanwhile)
            .Select(number => (number % 2 == 0 ? there : elsewhere).PublishAsync("chat", "n", JsonData.Of(number)))
            .ToArray();
        await killing;
        await Task.WhenAll(publishing);

        var seen = new List<long>();
        while (seen.Count < Before + Meanwhile)
        {
            switch (await reading.NextAsync())
            {
                case ChannelItem.Event one: seen.Add(one.Data.ToElement().GetInt64()); break;
                case ChannelItem.Gap gap: throw new InvalidOperationException($"{gap} after {seen.Count}");
            }
        }

        seen.Order().ShouldBe(Enumerable.Range(1, Before + Meanwhile).Select(number => (long)number));
        seen.Take(Before).ShouldBe(Enumerable.Range(1, Before).Select(number => (long)number));
    }

    /// <summary>The node that has a session, which is the only one.</summary>
    private static async Task<RealCluster.ClusterNode> ServingAsync(RealCluster cluster)
    {
        using var http = new HttpClient();
        foreach (var node in cluster.Nodes)
        {
            using var health = JsonDocument.Parse(await http.GetStringAsync(new Uri(node.Url, "/health/ready")));
            if (health.RootElement.GetProperty("sessions").GetInt32() == 1)
            {
                return node;
            }
        }

        throw new InvalidOperationException("No node has a session.");
    }

    private static BrokerClientOptions Options(Uri server) => new()
    {
        Url = new UriBuilder(server) { Scheme = "ws", Path = "/rpc" }.Uri,
        RequestTimeout = TimeSpan.FromMinutes(2),
        PublishTimeout = TimeSpan.FromMinutes(2),
        BackOffMax = TimeSpan.FromSeconds(1),
    };
}
