using System.Globalization;
using Broker.TestKit.WebSockets;

namespace Broker.Node.Tests.Campaign;

/// <summary>What clients that stop reading cost the node is bounded by a setting, however many there are and however often they come.</summary>
[Trait("Needs", "server")]
public sealed class SlowClientsMemoryTests(ITestOutputHelper output)
{
    private const int Slow = 1_000;
    private const int Healthy = 10;
    private const int Rounds = 3;
    private const int OutboxMemory = 64 << 20;

    /// <summary>For what 1,000 sessions, the garbage collector and the loops' logs need beside.</summary>
    private const long Slack = 256 << 20;

    /// <summary>What the youngest generation may grow by before it is collected: <c>System.GC.Gen0MaxBudget</c>, in Broker.Node.csproj.</summary>
    private const long Generation0 = 64 << 20;

    private static readonly string Padding = new('x', 16_000);

    [Fact]
    public async Task Memory_WhenThousandsStopReading_StaysBoundedAndComesBack()
    {
        using var patience = new CancellationTokenSource(NodeUnderTest.Patience);
        await using var node = await BrokerProcess.StartAsync(arguments: [$"--Broker:Limits:OutboxMemory={OutboxMemory}", "--Broker:Sessions:PingAfter=01:00:00"]);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{node.Port}") };
        using var publisher = await FloodPublisher.OpenAsync(node.EndPoint(), patience.Token);
        var healthy = await CrowdClient.OpenManyAsync(Healthy, node.EndPoint(), "/rpc", cancellationToken: patience.Token);
        await Task.WhenAll(healthy.Select(client => client.SubscribeAsync("all", patience.Token)));
        var atFirst = node.Resident("VmRSS");
        var peaks = new List<long>();

        for (var round = 0; round < Rounds; round++)
        {
            var stalled = await CrowdClient.OpenManyAsync(Slow, node.EndPoint(), "/rpc", receiveBuffer: 4_096, patience.Token);
            await Parallel.ForEachAsync(stalled, patience.Token, async (client, token) => await client.SubscribeAsync("all", token));
            await NodeUnderTest.WaitForSessionsAsync(http, Slow + Healthy + 1);

            while (await NodeUnderTest.SessionsAsync(http) > Healthy + 1)
            {
                patience.Token.ThrowIfCancellationRequested();
                var marks = await publisher.PublishAsync("all", Padding);
                foreach (var client in healthy)
                {
                    (await client.ReceiveAsync(patience.Token)).ShouldContain(marks);
                }
            }

            peaks.Add(node.Resident("VmHWM"));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"round {round}: {publisher.Published("all")} events, resident {atFirst >> 20} MiB at first, {peaks[^1] >> 20} MiB at most, {node.Resident("VmRSS") >> 20} MiB now"));
            Array.ForEach(stalled, client => client.Dispose());
        }

        peaks[^1].ShouldBeLessThan(atFirst + OutboxMemory + Slack, "without a bound each of them would hold a MiB");
        peaks[^1].ShouldBeLessThan(peaks[^2] + (Slack / 4) + Generation0, "what one round cost is used again by the next");
        Array.ForEach(healthy, client => client.Dispose());
        publisher.Dispose();
        await NodeUnderTest.WaitForSessionsAsync(http, 0);
    }
}
