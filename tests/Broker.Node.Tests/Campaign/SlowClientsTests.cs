using System.Text;
using Broker.Actors;
using Broker.Node.Tests.Connections;
using Broker.TestKit.WebSockets;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.Campaign;

/// <summary>Clients that stop reading while events flow are closed as slow; nobody else notices.</summary>
[Trait("Needs", "server")]
public sealed class SlowClientsTests
{
    private const int OutboxBytes = 128 * 1024;
    private const int SmallBuffer = 4_096;
    private const int Groups = 10;
    private const int Healthy = 20;
    private const int MaxEvents = 1_000;   // far more than a client's buffers hold

    private static readonly string Padding = new('x', 4_000);

    [Theory]
    [InlineData(WayIn.Fast, 1_000)]
    [InlineData(WayIn.Pipe, 200)]
    [InlineData(WayIn.Upgrade, 200)]
    public async Task Clients_ThatStopReading_AreClosedAsSlowAndNobodyElseNotices(WayIn way, int slow)
    {
        using var patience = new CancellationTokenSource(NodeUnderTest.Patience);
        await using var node = await WaysIn.StartAsync(
            way, ("Broker:Loops", "4"), ("Broker:Limits:OutboxBytes", $"{OutboxBytes}"), ("Broker:Sessions:PingAfter", "01:00:00"));
        var local = node.Services.GetRequiredService<LocalNode>();
        using var publisher = await FloodPublisher.OpenAsync(node.EndPoint(), patience.Token);
        var healthy = await CrowdClient.OpenManyAsync(Healthy, node.EndPoint(), "/rpc", cancellationToken: patience.Token);
        await Task.WhenAll(healthy.Select(client => SubscribeAsync(client, ["all", .. Enumerable.Range(0, Groups).Select(Group)])));
        var stalled = await CrowdClient.OpenManyAsync(slow, node.EndPoint(), "/rpc", SmallBuffer, patience.Token);
        await Parallel.ForEachAsync(Enumerable.Range(0, slow), patience.Token, async (n, _) => await SubscribeAsync(stalled[n], ["all", Group(n % Groups)]));

        // Everything that the kernel takes for them is full, and the rest waits in the node.
        var waitAtLeast = (long)slow * OutboxBytes / 4;
        while (local.Outboxes.UsedBytes < waitAtLeast)
        {
            publisher.Published("all").ShouldBeLessThan(MaxEvents);
            await ToldToTheHealthyAsync(await publisher.PublishAsync("all", Padding), healthy);
        }

        local.Counters.SlowSessions.Value.ShouldBe(0);
        for (var group = 0; group < Groups; group++)
        {
            while (local.Counters.SlowSessions.Value < slow / Groups * (group + 1))
            {
                publisher.Published(Group(group)).ShouldBeLessThan(MaxEvents);
                await ToldToTheHealthyAsync(await publisher.PublishAsync(Group(group), Padding), healthy);
                local.Outboxes.UsedBytes.ShouldBeLessThanOrEqualTo((long)slow * OutboxBytes);
            }

            // They read on, and find what they had missed up to the close.
            await Task.WhenAll(stalled.Where((_, n) => n % Groups == group).Select(client => ReadToTheEndAsync(client, publisher.Published("all"))));
        }

        await node.WaitForSessionsAsync(Healthy + 1);
        local.Counters.SlowSessions.Value.ShouldBe(slow);
        local.Outboxes.UsedBytes.ShouldBe(0);
        Array.ForEach(stalled, client => client.Dispose());
        Array.ForEach(healthy, client => client.Dispose());
        publisher.Dispose();
        await node.WaitForSessionsAsync(0);
        await node.ShouldServeAsync();
    }

    private static string Group(int number) => $"group-{number}";

    private static async Task SubscribeAsync(CrowdClient client, string[] channels)
    {
        foreach (var channel in channels)
        {
            await client.SubscribeAsync(channel);
        }
    }

    /// <summary>Each of them has the event before there is another: whoever stalls holds up none of them.</summary>
    private static async Task ToldToTheHealthyAsync(string marks, CrowdClient[] healthy)
    {
        foreach (var client in healthy)
        {
            (await client.ReceiveAsync()).ShouldContain(marks);
        }
    }

    private static async Task ReadToTheEndAsync(CrowdClient client, int all)
    {
        var (ofAll, ofGroup) = (0, 0);
        var isOrdered = true;
        (await client.ReadAsync(message =>
        {
            isOrdered &= message.IndexOf("\"channel\":\"all\""u8) >= 0
                ? ofGroup == 0 && message.EndsWith(Encoding.ASCII.GetBytes($"\"offset\":{++ofAll}}}}}"))
                : message.EndsWith(Encoding.ASCII.GetBytes($"\"offset\":{++ofGroup}}}}}"));
            return true;
        })).ShouldBeFalse();
        client.CloseCode.ShouldBe(3008, $"{ofAll} and {ofGroup} events had come");
        isOrdered.ShouldBeTrue();
        ofAll.ShouldBe(all);
    }
}
