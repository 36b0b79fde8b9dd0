using System.Diagnostics;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Metrics;

/// <summary>What Prometheus' own tool says of what the node tells, and of the examples.</summary>
[Trait("Needs", "promtool")]
public sealed class PromtoolTests
{
    [Theory]
    [InlineData("check", "config", "prometheus.yml")]
    [InlineData("check", "rules", "alerts.yml")]
    public async Task Examples_ArePrometheusOwn(string check, string kind, string file)
    {
        var (exitCode, output) = await RunAsync(input: "", check, kind, Path.Combine(Repository.Root, "docs", "prometheus", file));

        exitCode.ShouldBe(0, output);
    }

    /// <summary>Status 3 is its opinion of names, which are .NET's for some.</summary>
    [Fact]
    public async Task Scrape_IsWhatPrometheusReads()
    {
        await using var node = await BrokerNode.StartAsync();
        await node.Http.GetAsync("/health/ready");

        var (exitCode, output) = await RunAsync(await node.Http.GetStringAsync("/metrics"), "check", "metrics");

        exitCode.ShouldBeOneOf(0, 3);
        output.Split('\n').Where(line => line.StartsWith("broker_", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "artifacts", "tools", "promtool"), arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var promtool = Process.Start(start)!;
        var output = promtool.StandardOutput.ReadToEndAsync();
        var errors = promtool.StandardError.ReadToEndAsync();
        await promtool.StandardInput.WriteAsync(input);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync();
        return (promtool.ExitCode, await output + await errors);
    }
}
