using Broker.Actors.Metrics;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Messages;
using Broker.TestKit.Cluster;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Metrics;

public sealed class LoopTallyTests
{
    [Fact]
    public void Emit_ToSubscribersOfTwoLoops_CountsEachDeliveryOnce()
    {
        using var node = TestNode.Turned(loops: 2);
        var clients = new[] { node.Connect(0), node.Connect(0), node.Connect(1) };
        foreach (var client in clients)
        {
            client.Subscribe("c");
        }

        node.Turn();
        clients[0].Emit("c", "1");
        clients[0].Emit("c", "2", echo: false);
        node.Turn();

        node.Node.Loops.Sum(tally => tally.Emits).ShouldBe(2);
        node.Node.Loops.Sum(tally => tally.Deliveries).ShouldBe(5);
        clients.Sum(client => client.Events.Length).ShouldBe(5);
        node.Node.Loops.Sum(tally => tally.Subscriptions).ShouldBe(3);
    }

    [Fact]
    public void Subscribe_WithMissedEvents_CountsThemAsDeliveries()
    {
        using var node = TestNode.Turned();
        var first = node.Connect();
        first.Subscribe("c");
        first.Emit("c", "1");
        node.Turn();
        var since = first.Dialect.LastSubscribed.Position;
        var before = node.Node.Loops.Sum(tally => tally.Deliveries);
        var late = node.Connect();
        late.Subscribe("c", since);
        node.Turn();

        late.Events.Length.ShouldBe(1);
        node.Node.Loops.Sum(tally => tally.Deliveries).ShouldBe(before + 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Subscriptions_HoweverTheyEnd_AreNoneInTheEnd(int ending)
    {
        using var node = TestNode.Turned(loops: 2);
        var client = node.Connect(1);
        client.Subscribe(node.ChannelOn(0));
        client.Subscribe(node.ChannelOn(1));
        node.Turn();
        node.Node.Loops.Sum(tally => tally.Subscriptions).ShouldBe(2);

        switch (ending)
        {
            case 0: client.Unsubscribe(node.ChannelOn(0)); client.Unsubscribe(node.ChannelOn(1)); break;
            case 1: client.Leave(clean: false); break;
            default: client.Close(Disconnect.Shutdown); break;
        }

        node.Turn();

        node.Node.Loops.Sum(tally => tally.Subscriptions).ShouldBe(0);
    }

    [Fact]
    public void Durations_OfAnEmitThatWaitsForALoop_RunUntilThatLoopsTickEnds()
    {
        using var node = TestNode.Turned(loops: 2);
        node.Time.Advance(TimeSpan.FromSeconds(1));
        var (here, there) = (node.Connect(0), node.Connect(1));
        var channel = node.ChannelOn(0);
        here.Subscribe(channel);
        there.Subscribe(channel);
        node.Turn();

        here.Emit(channel, "1");
        node.TurnOnce(0);
        node.Time.Advance(TimeSpan.FromMilliseconds(200));
        node.TurnOnce(1);

        Read(node, 0, tally => tally.DeliveryDuration).ShouldBe((1, 0));
        Read(node, 0, tally => tally.EmitDuration).ShouldBe((1, 0));
        Read(node, 1, tally => tally.DeliveryDuration).ShouldBe((1, 0.2));
        Read(node, 1, tally => tally.EmitDuration).ShouldBe((0, 0));
    }

    [Fact]
    public void Durations_OfManyEmits_AreOnePerEventAndAnswer()
    {
        using var node = TestNode.Turned(loops: 2);
        node.Time.Advance(TimeSpan.FromSeconds(1));
        var clients = new[] { node.Connect(0), node.Connect(1) };
        foreach (var client in clients)
        {
            client.Subscribe("c");
        }

        node.Turn();
        for (var i = 0; i < 100; i++)
        {
            clients[i % 2].Emit("c", $"{i}");
            node.Time.Advance(TimeSpan.FromMilliseconds(i % 3));
            node.TurnOnce(i % 2);
        }

        node.Turn();

        Read(node, 0, tally => tally.DeliveryDuration).Count.ShouldBe(100);
        Read(node, 1, tally => tally.DeliveryDuration).Count.ShouldBe(100);
        (Read(node, 0, tally => tally.EmitDuration).Count + Read(node, 1, tally => tally.EmitDuration).Count).ShouldBe(100);
    }

    [Fact]
    public void Durations_OfAnEmitOverAnotherNode_AreKnownWhereItWasRead()
    {
        using var cluster = new InProcessCluster(nodes: 2);
        cluster.Pass(TimeSpan.FromMilliseconds(50));
        var channel = cluster.ChannelOf(1);
        var client = cluster[0].Connect();
        client.Subscribe(channel);
        cluster.Turn();
        client.Emit(channel, "1");
        cluster.Turn();

        client.Lines.All.ShouldContain("ok emit 1 @1");
        Emits(cluster[0]).ShouldBe(0);
        Emits(cluster[1]).ShouldBe(1);
        Answers(cluster[0]).ShouldBe(1);
        Answers(cluster[1]).ShouldBe(0);

        static long Emits(TestNode node) => node.Node.Loops.Sum(tally => tally.Emits);
        static long Answers(TestNode node) => Enumerable.Range(0, 2).Sum(loop => Read(node, loop, tally => tally.EmitDuration).Count);
    }

    [Fact]
    public void Counters_OfWhatWasRefused_SayWhy()
    {
        using var node = TestNode.Turned(rules: [new Namespace("default", "closed") { Publish = Right.Nobody }]);
        var client = node.Connect();
        client.Emit("closed", "1");
        client.Emit("c", "1", key: "");
        node.Turn();

        node.Node.Counters.EmitsRefused.All.OrderBy(refused => refused.Key).ShouldBe(
            [KeyValuePair.Create(Refusal.Forbidden, 1L), KeyValuePair.Create(Refusal.InvalidKey, 1L)]);
        node.Node.Loops.Sum(tally => tally.Emits).ShouldBe(0);
    }

    [Fact]
    public void Counters_OfSessions_SayHowTheyEnded()
    {
        using var node = TestNode.Turned();
        var clients = Enumerable.Range(0, 3).Select(_ => node.Connect()).ToArray();
        node.Turn();
        clients[0].Leave(clean: true);
        clients[1].Leave(clean: false);
        clients[2].Close(Disconnect.ByOperator);
        node.Turn();
        clients[2].Leave(clean: true);
        node.Turn();

        var kind = new SessionKind("text", "test");
        node.Node.Counters.SessionsOpened[kind].ShouldBe(3);
        node.Node.Counters.SessionsClosed[kind].ShouldBe(3);
        node.Node.Counters.Disconnects.All.OrderBy(closed => closed.Key).ShouldBe(
            [KeyValuePair.Create(1000, 1L), KeyValuePair.Create(1006, 1L), KeyValuePair.Create(3020, 1L)]);
    }

    private static (long Count, double Seconds) Read(TestNode node, int loop, Func<LoopTally, DurationHistogram> of)
    {
        var counts = new long[DurationHistogram.Bounds.Count + 1];
        var seconds = of(node.Node.Loops[loop].Tally).AddTo(counts);
        return (counts.Sum(), Math.Round(seconds, 6));
    }
}
