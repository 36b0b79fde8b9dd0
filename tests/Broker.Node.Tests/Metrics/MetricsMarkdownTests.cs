using System.Text.RegularExpressions;
using Broker.Node.Metrics;
using Broker.Node.Tests.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.Metrics;

public sealed partial class MetricsMarkdownTests
{
    /// <summary>With BROKER_WRITE_DOCS=1 it writes the table instead of comparing it.</summary>
    [Fact]
    public async Task Page_SaysWhatTheCatalogueSays()
    {
        await using var node = await BrokerNode.StartAsync();
        var path = Path.Combine(Repository.Root, "docs", "metrics.md");
        var page = await File.ReadAllTextAsync(path);
        var wanted = MetricsMarkdown.Update(page, node.Services.GetRequiredService<BrokerMeter>().Metrics);
        if (Environment.GetEnvironmentVariable("BROKER_WRITE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(path, page = wanted);
        }

        page.ShouldBe(wanted, "docs/metrics.md is old: run this test with BROKER_WRITE_DOCS=1");
    }

    /// <summary>What the examples for Prometheus and Grafana ask for is there.</summary>
    [Theory]
    [InlineData("alerts.yml")]
    [InlineData("dashboard.json")]
    public async Task Examples_NameMetricsThatThereAre(string file)
    {
        await using var node = await BrokerNode.StartAsync();
        await node.Http.GetAsync("/health/ready");
        var scraped = Exposition.Read(await node.Http.GetStringAsync("/metrics")).Kinds.Keys;
        var known = node.Services.GetRequiredService<BrokerMeter>().Metrics
            .Select(metric => PrometheusName.Of(metric.Name, metric.Unit, metric.Kind)).Concat(scraped).ToHashSet(StringComparer.Ordinal);

        var named = MetricName().Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "prometheus", file)))
            .Select(match => match.Groups["name"].Value).Distinct().ToArray();

        named.ShouldNotBeEmpty();
        named.Where(name => !known.Contains(name)).ShouldBeEmpty();
    }

    [GeneratedRegex(@"\b(?<name>(broker|dotnet|http|kestrel)_[a-z0-9_]+?)(_bucket|_sum|_count)?\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MetricName();
}
