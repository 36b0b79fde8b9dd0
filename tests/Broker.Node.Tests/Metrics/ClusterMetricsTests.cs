using Broker.Node.Metrics;
using Broker.Node.Tests.Nodes;
using Broker.TestKit.Deployments;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.Metrics;

/// <summary>What a node tells of its bus and its authority, over real servers.</summary>
[Trait("Needs", "rabbitmq")]
[Trait("Needs", "postgresql")]
public sealed class ClusterMetricsTests
{
    internal static readonly string[] Prefixes = ["broker.bus.", "broker.authority."];

    [Fact]
    public async Task Scrape_OfANodeInACluster_TellsOfItsServers()
    {
        var token = TestContext.Current.CancellationToken;
        await using var cluster = await DeployedCluster.StartAsync(new DeploymentOptions { Nodes = 2, HasProxies = true }, token);
        var node = cluster.Nodes[0];

        var metrics = await ScrapeUntilAsync(node, metrics => metrics["broker_authority_renewals_total"] > 1 && metrics["broker_bus_messages_received_total"] > 1
            && metrics["broker_authority_shards_claimed_total"] > 0);   // a node that came a moment later gets its shards after some seconds

        metrics["broker_bus_connected"].ShouldBe(1);
        metrics["broker_bus_blocked"].ShouldBe(0);
        metrics["broker_bus_connects_total"].ShouldBe(1);
        metrics["broker_bus_messages_sent_total"].ShouldBeGreaterThan(1);
        metrics["broker_bus_sent_bytes_total"].ShouldBeGreaterThan(metrics["broker_bus_messages_sent_total"]);
        metrics["broker_bus_received_bytes_total"].ShouldBeGreaterThan(metrics["broker_bus_messages_received_total"]);
        metrics["broker_authority_renewal_duration_seconds_count"].ShouldBe(metrics["broker_authority_renewals_total"], 1);
        await using (var alone = await BrokerNode.StartAsync())
        {
            foreach (var metric in alone.Services.GetRequiredService<BrokerMeter>().Metrics.Where(metric => Prefixes.Any(prefix => metric.Name.StartsWith(prefix, StringComparison.Ordinal))))
            {
                metrics.Kinds.ShouldContainKeyAndValue(PrometheusName.Of(metric.Name, metric.Unit, metric.Kind), metric.Kind);
            }
        }

        node.Bus!.Cut();
        await ScrapeUntilAsync(node, metrics => metrics["broker_bus_connected"] == 0 && metrics["broker_bus_connects_failed_total"] > 0);
        node.Bus.Heal();
        await ScrapeUntilAsync(node, metrics => metrics["broker_bus_connected"] == 1 && metrics["broker_bus_connects_total"] == 2);

        node.Authority!.Cut();
        await ScrapeUntilAsync(node, metrics => metrics["broker_authority_failures_total"] > 0 && metrics["broker_authority_locks_lost_total"] == 1);
    }

    private static async Task<Exposition> ScrapeUntilAsync(DeployedNode node, Func<Exposition, bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            var metrics = Exposition.Read(await node.GetAsync("/metrics", patience.Token));
            if (condition(metrics))
            {
                return metrics;
            }
        }
    }
}
