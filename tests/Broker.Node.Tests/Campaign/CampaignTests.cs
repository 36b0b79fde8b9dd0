using System.Globalization;
using Broker.Node.Tests.Cluster;
using Broker.Node.Tests.Nodes;
using Broker.TestKit.Campaigns;

namespace Broker.Node.Tests.Campaign;

/// <summary>
/// Real nodes on real servers, through proxies that fail, judged by the checker of the simulator. ./campaign runs it for as long as one likes, with
/// what <c>BROKER_CAMPAIGN_...</c> says; docs/campaign.md tells more.
/// </summary>
[Trait("Needs", "rabbitmq")]
[Trait("Needs", "postgresql")]
[Collection(ClusterCollection.Name)]
public sealed class CampaignTests(ITestOutputHelper output)
{
    [Fact]
    public Task Faults_OfAnyKind_BreakNoPromise() => RunAsync(new CampaignOptions { Length = TimeSpan.FromMinutes(Number("MINUTES", 2)) });

    [Fact]
    public Task RollingRestart_UnderLoad_LosesNothing() =>
        RunAsync(new CampaignOptions { Kind = CampaignKind.RollingRestart, Length = TimeSpan.MaxValue, Episodes = Number("RESTARTS", 1) });

    /// <summary>The seed's first one cost events before holders that look dead were waited for.</summary>
    [Fact]
    public Task Outage_OfRabbitMqAndPostgreSql_LosesNothing() =>
        RunAsync(new CampaignOptions { Kind = CampaignKind.Outage, Seed = 3, Length = TimeSpan.MaxValue, Episodes = Number("OUTAGES", 1) });

    private async Task RunAsync(CampaignOptions options)
    {
        var results = await CampaignRun.RunAsync(
            options with
            {
                Seed = Number("SEED", options.Seed),
                From = Number("FROM", 1),
                Episodes = Number("EPISODES", options.Episodes),
                RabbitMqNodes = Number("RABBITMQ", options.RabbitMqNodes),
                EmitEveryMs = Number("EMIT_EVERY_MS", 60),
                Folder = Path.Combine(Repository.Root, "artifacts", "campaign"),
                Say = output.WriteLine,
            },
            TestContext.Current.CancellationToken);

        results.ShouldNotBeEmpty();
        results.Sum(result => result.Acknowledged).ShouldBeGreaterThan(100 * results.Count);
        results.ShouldAllBe(result => result.Received > result.Acknowledged);
        var broken = results.Where(result => result.Violations.Count > 0).ToArray();
        broken.ShouldBeEmpty(string.Join("\n\n", broken.Take(3).Select(result => result.ToString())));
    }

    private static int Number(string name, int otherwise) => Environment.GetEnvironmentVariable("BROKER_CAMPAIGN_" + name) is { Length: > 0 } text
        ? int.Parse(text, CultureInfo.InvariantCulture)
        : otherwise;
}
