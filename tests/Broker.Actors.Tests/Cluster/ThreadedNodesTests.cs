using Broker.Actors.Cluster;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Cluster;

/// <summary>Nodes on threads of their own, under the real clock: what the hand-turned cluster cannot show.</summary>
public sealed class ThreadedNodesTests
{
    [Fact]
    public async Task Emit_FromEveryNodeAtOnce_ReachesEverybodyOnceInOneOrder()
    {
        const int each = 300;
        var exchange = new LoopbackExchange(TimeProvider.System);
        var authority = new MemoryAuthority(TimeProvider.System, shards: 16);
        var nodes = Enumerable.Range(0, 3).Select(_ => TestNode.Threaded(
            2, new LocalNodeOptions { Shards = 16, Cluster = new ClusterOptions(exchange.CreateBus(), authority) })).ToArray();
        await Task.WhenAll(nodes.Select(node => node.Node.Ready));
        var clients = nodes.SelectMany(node => new[] { node.Connect(0), node.Connect(1) }).ToArray();
        string[] channels = ["one", "two"];
        foreach (var client in clients)
        {
            foreach (var channel in channels)
            {
                client.Subscribe(channel);
                await client.Lines.WaitForAsync($"ok sub {channel} @0");
            }
        }

        for (var i = 0; i < each; i++)
        {
            foreach (var client in clients)
            {
                client.Emit(channels[i % 2], $"{i}");
            }
        }

        // Two answers to subscribes, every event, and an answer to each own emit.
        foreach (var client in clients)
        {
            await client.Lines.WaitForAsync(2 + (each * clients.Length) + each);
        }

        foreach (var channel in channels)
        {
            var seen = clients.Select(client => client.Events.Where(line => line.StartsWith(channel + "#", StringComparison.Ordinal)).ToArray()).ToArray();
            seen[0].Select(line => line.Split(' ')[0]).ShouldBe(Enumerable.Range(1, each * clients.Length / 2).Select(offset => $"{channel}#{offset}"));
            seen.ShouldAllBe(lines => lines.SequenceEqual(seen[0]));
        }

        foreach (var node in nodes)
        {
            node.Dispose();
        }
    }
}
