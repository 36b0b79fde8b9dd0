using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Broker.TestKit.Deployments;
using Broker.TestKit.Servers;

namespace Broker.Node.Tests.Cluster;

/// <summary>Three nodes over a RabbitMQ that is a cluster of three itself.</summary>
[Trait("Needs", "rabbitmq")]
[Trait("Needs", "postgresql")]
[Collection(ClusterCollection.Name)]
public sealed class RabbitMqOfThreeTests
{
    private const string Channel = "three";

    [Fact]
    public async Task NodeOfRabbitMq_ThatIsKilled_CostsNoEvent()
    {
        var token = TestContext.Current.CancellationToken;
        await using var cluster = await DeployedCluster.StartAsync(new DeploymentOptions { RabbitMqNodes = 3 }, token);
        using var http = new HttpClient();
        var number = 0;
        await PublishOverAllAsync();

        var used = cluster.RabbitMqNodes.First(server => IsUsedBy(cluster.Nodes[0], server));
        await used.KillAsync();
        await PublishOverAllAsync();
        await cluster.WaitUntilReadyAsync(token);
        await PublishOverAllAsync();

        cluster.Nodes[0].Log.ShouldContain("Lost the connection to RabbitMQ");
        foreach (var node in cluster.Nodes)
        {
            (await HistoryAsync(http, node, token)).ShouldBe(Enumerable.Range(1, number), node.Name);
        }

        // It comes back as a member of its cluster, and nobody minds.
        await used.StartAgainAsync();
        await PublishOverAllAsync();
        (await HistoryAsync(http, cluster.Nodes[2], token)).ShouldBe(Enumerable.Range(1, number));

        async Task PublishOverAllAsync()
        {
            for (var i = 0; i < 10; i++)
            {
                foreach (var node in cluster.Nodes)
                {
                    await ClusterWriter.PublishAsync(http, node.Url, Channel, ++number);
                }
            }
        }
    }

    private static bool IsUsedBy(DeployedNode node, RabbitMqServer server) =>
        node.Log.Contains(string.Create(CultureInfo.InvariantCulture, $"Connected to RabbitMQ at 127.0.0.1:{server.Port},"), StringComparison.Ordinal);

    private static async Task<int[]> HistoryAsync(HttpClient http, DeployedNode node, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(node.Url, "/api/history"), new { channel = Channel, limit = 1_000 }, cancellationToken);
        using var history = JsonDocument.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken));
        return [.. history.RootElement.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("data").GetInt32())];
    }
}
