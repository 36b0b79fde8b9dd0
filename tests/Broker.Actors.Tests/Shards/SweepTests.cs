using Broker.Actors.Channels;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Shards;

public class SweepTests
{
    private static readonly string Kilobyte = new('1', 1_000);

    [Fact]
    public void Sweep_WhenHistoryIsOverItsBudget_DropsTheIdlestWindowsFirst()
    {
        using var node = TestNode.Turned(loops: 1, new LocalNodeOptions { Shards = 16, HistoryMemory = 1_500_000 });
        var client = node.Connect();
        for (var i = 0; i < 100; i++)
        {
            Fill(client, $"idle{i}");
        }

        node.Pass(TimeSpan.FromSeconds(60));
        node.Node.Counters.WindowsDropped.Value.ShouldBe(0);
        client = node.Connect();
        for (var i = 0; i < 100; i++)
        {
            Fill(client, $"busy{i}");
        }

        node.Turn();
        node.Node.History.UsedBytes.ShouldBeGreaterThan(1_500_000);
        node.Pass(TimeSpan.FromSeconds(3));

        node.Node.History.UsedBytes.ShouldBeLessThanOrEqualTo(1_500_000);
        var dropped = (int)node.Node.Counters.WindowsDropped.Value;
        dropped.ShouldBeInRange(20, 100);
        Held(node, client, "busy").ShouldBe(100);
        Held(node, client, "idle").ShouldBe(100 - dropped);
    }

    [Fact]
    public void Sweep_WhenAChannelWasBusyAMomentAgo_StillGetsBelowTheBudget()
    {
        using var node = TestNode.Turned(loops: 1, new LocalNodeOptions { Shards = 1, HistoryMemory = 200_000 });
        var client = node.Connect();
        for (var second = 0; second < 5; second++)
        {
            for (var i = 0; i < 30; i++)
            {
                Fill(client, $"c{i}");
            }

            node.Pass(TimeSpan.FromMilliseconds(1_200));
        }

        node.Node.History.UsedBytes.ShouldBeLessThanOrEqualTo(200_000);
        node.Node.Counters.WindowsDropped.Value.ShouldBeLessThanOrEqualTo(150);
    }

    [Fact]
    public void Sweep_WhenAChannelIsIdlePastItsHistoryAge_ForgetsItWithItsLife()
    {
        using var node = TestNode.Turned(rules: TestNode.Rule("*", new ChannelOptions { HistoryAgeMs = 20_000 }));
        var client = node.Connect();
        client.Emit("c", "1");
        node.Turn();
        var before = client.Dialect.LastEmitted.Position;
        node.Node.Shards.All.Sum(shard => shard.ChannelCount).ShouldBe(1);
        node.Pass(TimeSpan.FromSeconds(15));
        node.Node.Shards.All.Sum(shard => shard.ChannelCount).ShouldBe(1);
        node.Pass(TimeSpan.FromSeconds(20));

        node.Node.Shards.All.Sum(shard => shard.ChannelCount).ShouldBe(0);
        node.Node.History.UsedBytes.ShouldBe(0);
        client.Subscribe("c", since: before);
        node.Turn();
        client.Lines.All[^1].ShouldBe("ok sub c @0");
        client.Dialect.LastSubscribed.Position.Epoch.Life.ShouldNotBe(before.Epoch.Life);
    }

    [Fact]
    public void Sweep_WhileAChannelHasASubscriber_KeepsIt()
    {
        using var node = TestNode.Turned(rules: TestNode.Rule("*", new ChannelOptions { HistoryAgeMs = 1_000 }));
        var client = node.Connect();
        client.Subscribe("c");
        client.Emit("c", "1");
        node.Turn();
        var before = client.Dialect.LastEmitted.Position;
        for (var i = 0; i < 4; i++)
        {
            node.Pass(TimeSpan.FromSeconds(15));
            client.Do(_ => client.Transport.Pong());
        }

        client.Emit("c", "2");
        node.Turn();
        client.Dialect.LastEmitted.Position.ShouldBe(before with { Offset = 2 });
    }

    [Fact]
    public void Sweep_WhileAnIdempotencyKeyIsRemembered_KeepsTheChannel()
    {
        using var node = TestNode.Turned(rules: TestNode.Rule("*", new ChannelOptions { HistorySize = 0 }));
        var client = node.Connect();
        client.Emit("c", "1", key: "k");
        node.Pass(TimeSpan.FromSeconds(60));
        var again = node.Connect();
        again.Emit("c", "2", key: "k");
        node.Turn();
        again.Lines.All.ShouldBe(["ok emit 2 @1"]);
        node.Pass(TimeSpan.FromSeconds(150));

        node.Node.Shards.All.Sum(shard => shard.ChannelCount).ShouldBe(0);
    }

    private static void Fill(TestClient client, string channel)
    {
        for (var i = 0; i < 5; i++)
        {
            client.Emit(channel, Kilobyte);
        }
    }

    private static int Held(TestNode node, TestClient client, string prefix)
    {
        var held = 0;
        for (var i = 0; i < 100; i++)
        {
            client.History($"{prefix}{i}");
            node.Turn();
            held += client.Dialect.LastHistory!.Events.Count > 0 ? 1 : 0;
        }

        return held;
    }
}
