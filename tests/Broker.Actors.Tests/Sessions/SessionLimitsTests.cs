using System.Text;
using Broker.Actors.Dialects;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Messages;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Sessions;

/// <summary>What a session may not do is a value at once, and changes nothing.</summary>
public class SessionLimitsTests
{
    private static readonly LocalNodeOptions Small = new()
    {
        Shards = 16,
        Sessions = new SessionLimits { Subscriptions = 2, ChannelNameBytes = 10, EventNameLength = 5, HistoryPage = 3 },
    };

    [Fact]
    public void Subscribe_PastTheLimit_IsRefusedUntilOneHasEnded()
    {
        using var node = TestNode.Turned(loops: 1, Small);
        var client = node.Connect();
        client.Subscribe("a");
        client.Subscribe("b");
        client.Subscribe("c");
        client.Unsubscribe("a");
        client.Subscribe("c", call: "again");
        client.Unsubscribe("x");
        node.Turn();

        client.Lines.All.ShouldBe(
            ["ok sub a @0", "ok sub b @0", "no sub c TooManySubscriptions", "ok unsub a", "ok sub again @0", "no unsub x NotSubscribed"]);
    }

    [Theory]
    [InlineData("12345678901", Refusal.InvalidChannel)]
    [InlineData("ééééé1", Refusal.InvalidChannel)]
    [InlineData("ééééé", Refusal.None)]
    public void Names_LongerThanAllowed_AreRefusedByTheirBytes(string channel, Refusal refusal)
    {
        using var node = TestNode.Turned(loops: 1, Small);
        var client = node.Connect();
        node.Turn();
        var refusals = new List<Refusal>();
        client.Do(session =>
        {
            var name = session.Channel(Encoding.UTF8.GetBytes(channel));
            refusals.Add(session.Subscribe(name, new SubscribeRequest(0), call: null));
            refusals.Add(session.Emit(name, new EmitRequest("e", "1"u8, echo: true), call: null));
            refusals.Add(session.History(name, since: null, 1, backward: false, "h"));
            refusals.Add(session.Presence(name, "p"));
        });
        node.Turn();

        refusals.ShouldAllBe(item => item == refusal);
        node.Node.Shards.All.Sum(shard => shard.ChannelCount).ShouldBe(refusal == Refusal.None ? 1 : 0);
    }

    [Fact]
    public void Emit_WithANameOrAKeyThatIsTooLong_IsRefused()
    {
        using var node = TestNode.Turned(loops: 1, Small);
        var client = node.Connect();
        node.Turn();
        var refusals = new List<Refusal>();
        client.Do(session =>
        {
            var name = session.Channel("c"u8);
            refusals.Add(session.Emit(name, new EmitRequest("123456", "1"u8, echo: true), call: null));
            refusals.Add(session.Emit(name, new EmitRequest("e", "1"u8, echo: true, key: ""), call: null));
            refusals.Add(session.Emit(name, new EmitRequest("e", "1"u8, echo: true, key: new string('é', 65)), call: null));
            refusals.Add(session.Emit(name, new EmitRequest("e", "1"u8, echo: true, key: new string('é', 64)), call: null));
            refusals.Add(session.Emit(name, new EmitRequest("e", default, echo: true), call: null));
        });
        node.Turn();

        refusals.ShouldBe([Refusal.EventNameTooLong, Refusal.InvalidKey, Refusal.InvalidKey, Refusal.None, Refusal.None]);
        node.Node.Loops.Sum(tally => tally.Emits).ShouldBe(2);
        node.Node.Counters.ChannelFaults.Value.ShouldBe(0);
    }

    [Fact]
    public void History_PastThePage_IsCutToIt()
    {
        using var node = TestNode.Turned(loops: 1, Small);
        var client = node.Connect();
        for (var i = 0; i < 5; i++)
        {
            client.Emit("c", "1");
        }

        client.History("c");
        client.History("c", backward: true);
        client.History("c", limit: -7);
        node.Turn();

        client.Lines.All[..3].ShouldBe(["history c None @5 [1 2 3]", "history c None @5 [5 4 3]", "history c None @5 []"]);
    }

    [Fact]
    public void Identify_AsAnotherApp_IsPossibleWhileNothingIsSubscribed()
    {
        using var node = TestNode.Turned();
        var client = node.Connect();
        var native = node.Connect();
        native.Subscribe("c");
        node.Turn();
        var refusals = new List<Refusal>();
        client.Do(session =>
        {
            refusals.Add(session.Identify("nowhere", Identity.Anonymous.Instance));
            refusals.Add(session.Subscribe(session.Channel("c"u8), new SubscribeRequest(0), call: null));
            refusals.Add(session.Identify("other", new Identity.User("ann")));
            refusals.Add(session.Identify("default", new Identity.User("ann")));
            session.Identity.ShouldBe(new Identity.User("ann"));
            refusals.Add(session.Unsubscribe(session.Channel("c"u8), call: null));
            refusals.Add(session.Identify("other", new Identity.User("ann")));
            session.App.ShouldBe("other");
            session.Channel("c"u8).ShouldBe(new ChannelName("other", "c"));
            refusals.Add(session.Emit(session.Channel("c"u8), new EmitRequest("e", "1"u8, echo: true), "e"));
        });
        node.Turn();

        refusals.ShouldBe([
            Refusal.UnknownApp, Refusal.None, Refusal.Forbidden, Refusal.None, Refusal.None, Refusal.None, Refusal.None]);
        native.Events.ShouldBeEmpty();
        client.Lines.All[^1].ShouldBe("ok emit e @1");
    }

    [Fact]
    public void Commands_AfterTheSessionHasClosed_DoNothing()
    {
        using var node = TestNode.Turned(loops: 2);
        var channel = new ChannelName("default", node.ChannelOn(1));
        var client = node.Connect();
        client.Do(session =>
        {
            session.Close(Disconnect.ByOperator);
            session.Close(Disconnect.Slow);
            session.Subscribe(channel, new SubscribeRequest(0), "s").ShouldBe(Refusal.Unavailable);
            session.Emit(channel, new EmitRequest("e", "1"u8, echo: true), "e").ShouldBe(Refusal.Unavailable);
            session.Unsubscribe(channel, "u").ShouldBe(Refusal.NotSubscribed);
            session.Send("late"u8);
        });
        node.Turn();

        client.Transport.Reason.ShouldBe(Disconnect.ByOperator);
        client.Lines.All.ShouldBeEmpty();
        node.Node.Shards.All.Sum(shard => shard.ChannelCount).ShouldBe(0);
    }

    [Fact]
    public void Emit_WithoutEcho_GoesToAllButTheEmitter()
    {
        using var node = TestNode.Turned(loops: 2);
        var channel = node.ChannelOn(1);
        var emitter = node.Connect(0);
        var other = node.Connect(1);
        emitter.Subscribe(channel);
        other.Subscribe(channel);
        emitter.Emit(channel, "1", echo: false);
        emitter.Emit(channel, "2");
        node.Turn();

        emitter.Events.ShouldBe([$"{channel}#2 e=2"]);
        other.Events.ShouldBe([$"{channel}#1 e=1", $"{channel}#2 e=2"]);
        emitter.Dialect.LastEmitted.Receivers.ShouldBe(2);
        emitter.Unsubscribe(channel);
        emitter.Subscribe(channel, since: emitter.Dialect.LastEmitted.Position with { Offset = 0 }, call: "back");
        node.Turn();
        emitter.Lines.All[^2..].ShouldBe(["ok sub back @2 recovered", $"{channel}#2 e=2"]);
    }
}
