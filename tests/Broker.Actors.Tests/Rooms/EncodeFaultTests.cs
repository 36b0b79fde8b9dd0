using Broker.Actors.Channels;
using Broker.Messages;
using Broker.TestKit.Nodes;
using Broker.TestKit.Sessions;

namespace Broker.Actors.Tests.Rooms;

/// <summary>An event that a dialect cannot encode breaks the stream of that encoding's subscribers, who are told; nobody else notices.</summary>
public class EncodeFaultTests
{
    private static readonly Action<ChannelEvent, int> Poison = (item, _) =>
    {
        if (item.Data.Span.SequenceEqual("bad"u8))
        {
            throw new InvalidOperationException("A dialect with a bug.");
        }
    };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Encode_WhenItThrows_ResetsItsSubscribersAndNobodyElse(int shardLoop)
    {
        using var node = TestNode.Turned(loops: 2);
        var channel = node.ChannelOn(shardLoop);
        var broken = new TextDialect { Encoding = Poison };
        var bad = node.Connect(dialect: broken);
        bad.Subscribe(channel);
        var good = node.Connect();
        good.Subscribe(channel);
        node.Turn();
        good.Emit(channel, "1");
        good.Emit(channel, "bad");
        good.Emit(channel, "3");
        node.Turn();

        good.Events.ShouldBe([$"{channel}#1 e=1", $"{channel}#2 e=bad", $"{channel}#3 e=3"]);
        good.Lines.All.ShouldContain("ok emit bad @2");
        bad.Lines.All.ShouldBe([$"ok sub {channel} @0", $"{channel}#1 e=1", $"!{channel} 2", $"{channel}#3 e=3"]);
    }

    [Fact]
    public void Encode_WhenTheResetThrowsToo_TheNodeGoesOn()
    {
        using var node = TestNode.Turned();
        var broken = new TextDialect { Encoding = Poison, Noting = (_, _) => throw new InvalidOperationException("A bug in a bug.") };
        var bad = node.Connect(dialect: broken);
        bad.Subscribe("c");
        node.Turn();
        bad.Emit("c", "bad");
        bad.Emit("c", "2");
        node.Turn();

        bad.Lines.All.ShouldBe(["ok sub c @0", "c#2 e=2", "ok emit bad @1", "ok emit 2 @2"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Recovery_WhenAMissedEventCannotBeEncoded_IsNotRecovered(int shardLoop)
    {
        using var node = TestNode.Turned(loops: 2);
        var channel = node.ChannelOn(shardLoop);
        var good = node.Connect();
        good.Emit(channel, "1");
        good.Emit(channel, "bad");
        good.Emit(channel, "3");
        node.Turn();
        var first = new Position(good.Dialect.LastEmitted.Position.Epoch, 1);
        var bad = node.Connect(dialect: new TextDialect { Encoding = Poison });
        bad.Subscribe(channel, since: first);
        node.Turn();
        good.Emit(channel, "4");
        node.Turn();

        bad.Lines.All.ShouldBe([$"ok sub {channel} @3", $"{channel}#4 e=4"]);
        bad.Transport.Reason.ShouldBeNull();
    }

    [Fact]
    public void Notice_WhenADialectCannotEncodeIt_ReachesTheOthers()
    {
        using var node = TestNode.Turned();
        var bad = node.Connect(dialect: new TextDialect { Noting = (_, _) => throw new InvalidOperationException("A dialect with a bug.") });
        bad.Subscribe("c");
        var good = node.Connect();
        good.Subscribe("c");
        var member = node.Connect();
        member.Subscribe("c", member: "ann");
        node.Turn();

        good.Lines.All.ShouldContain("+c ann");
        member.Lines.All.ShouldContain("ok sub c @0");
    }

    [Fact]
    public async Task Broadcast_WhenADialectCannotEncodeIt_ReachesTheOthersAndIsAnswered()
    {
        using var node = TestNode.Turned();
        var bad = node.Connect(dialect: new TextDialect { Noting = (_, _) => throw new InvalidOperationException("A dialect with a bug.") });
        bad.Subscribe("c");
        var good = node.Connect();
        good.Subscribe("c");
        node.Turn();
        var answer = node.Node.Ingress.AskAsync(new Actors.Rights.Identity.Backend("tests"), new Actors.Queries.NodeQuery.Broadcast("default", "1"u8.ToArray(), OncePerClient: false));
        var once = node.Node.Ingress.AskAsync(new Actors.Rights.Identity.Backend("tests"), new Actors.Queries.NodeQuery.Broadcast("default", "2"u8.ToArray(), OncePerClient: true));
        node.Turn();

        (await answer).ShouldBe(new Actors.Queries.NodeAnswer.Delivered(1, IsPartial: false));
        (await once).ShouldBe(new Actors.Queries.NodeAnswer.Delivered(1, IsPartial: false));
        good.Lines.All.ShouldContain("*c 1");
        good.Lines.All.ShouldContain("*c 2");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Step_WhenItThrows_GivesTheChannelANewLifeAndTellsItsSubscribers(int shardLoop)
    {
        using var node = TestNode.Turned(
            loops: 2, rules: TestNode.Rule("bad*", new ChannelOptions { HistorySize = -1 }));   // a size that makes the window throw
        var channel = node.ChannelOn(shardLoop, "bad");
        var client = node.Connect();
        client.Subscribe(channel, member: "ann");
        client.Emit(channel, "1");
        client.Emit("good", "1");
        client.Presence(channel);
        node.Turn();

        client.Lines.All.ShouldContain($"!{channel} 0");
        client.Lines.All.ShouldContain("no emit 1 OutcomeUnknown");
        client.Lines.All.ShouldContain("ok emit 1 @1");
        client.Lines.All.ShouldContain($"presence {channel} None [ann:1] 1 of 1");
        client.Lines.All.ShouldNotContain($"+{channel} ann");
        client.Transport.Reason.ShouldBeNull();
        node.Node.Counters.ChannelFaults.Value.ShouldBe(1);
    }
}
