using Broker.Actors.Sessions;
using Broker.Messages;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Nodes;

public class PresenceTests
{
    private readonly TestNode _node = TestNode.Turned(loops: 2);
    private readonly TestClient _watcher;
    private readonly string _channel;

    public PresenceTests()
    {
        _channel = _node.ChannelOn(1);
        _watcher = _node.Connect(0);
        _watcher.Subscribe(_channel);
        _node.Turn();
        _watcher.Lines.Clear();
    }

    [Fact]
    public void Member_WhoIsLost_LeavesAfterTheGrace()
    {
        Join("ann").Leave(clean: false);
        _node.Pass(TimeSpan.FromSeconds(2.9));
        _watcher.Lines.All.ShouldBe([$"+{_channel} ann"]);
        _node.Pass(TimeSpan.FromSeconds(0.3));

        _watcher.Lines.All.ShouldBe([$"+{_channel} ann", $"-{_channel} ann"]);
    }

    [Fact]
    public void Member_WhoClosesCleanly_LeavesAtOnce()
    {
        Join("ann").Leave(clean: true);
        _node.Turn();

        _watcher.Lines.All.ShouldBe([$"+{_channel} ann", $"-{_channel} ann"]);
    }

    [Fact]
    public void Member_WhoUnsubscribes_LeavesAtOnce()
    {
        Join("ann").Unsubscribe(_channel);
        _node.Turn();

        _watcher.Lines.All.ShouldBe([$"+{_channel} ann", $"-{_channel} ann"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Member_WhoIsClosedByTheBroker_LeavesAfterTheGraceUnlessItAskedForIt(bool asked)
    {
        Join("ann").Close(asked ? Disconnect.Normal : Disconnect.Shutdown);
        _node.Turn();
        _watcher.Lines.Count.ShouldBe(asked ? 2 : 1);
        _node.Pass(TimeSpan.FromSeconds(3.2));

        _watcher.Lines.All.ShouldBe([$"+{_channel} ann", $"-{_channel} ann"]);
    }

    [Fact]
    public void Member_WhoIsLostAndBackInTime_NeverLeft()
    {
        Join("ann").Leave(clean: false);
        _node.Pass(TimeSpan.FromSeconds(2));
        var back = Join("ann");
        _node.Pass(TimeSpan.FromSeconds(5));
        _watcher.Lines.All.ShouldBe([$"+{_channel} ann"]);
        back.Leave(clean: true);
        _node.Turn();

        _watcher.Lines.All.ShouldBe([$"+{_channel} ann", $"-{_channel} ann"]);
    }

    [Fact]
    public void Member_WithTwoConnections_LeavesWithTheLast()
    {
        var one = Join("ann");
        var two = Join("ann");
        one.Leave(clean: true);
        _node.Turn();
        _watcher.Lines.All.ShouldBe([$"+{_channel} ann"]);
        two.Leave(clean: false);
        _node.Pass(TimeSpan.FromSeconds(4));

        _watcher.Lines.All.ShouldBe([$"+{_channel} ann", $"-{_channel} ann"]);
    }

    [Fact]
    public void Subscribe_OfAMember_IsAnsweredWhenItIsPresent()
    {
        var ann = Join("ann");
        ann.Presence(_channel);
        _node.Turn();

        ann.Lines.All.ShouldBe([$"ok sub {_channel} @0", $"presence {_channel} None [ann:1] 1 of 2"]);
    }

    [Fact]
    public void Subscribe_WithoutTheRight_IsRefused()
    {
        using var node = TestNode.Turned(rules: new Actors.Rights.Namespace("default", "*") { Presence = Actors.Rights.Right.User });
        var client = node.Connect();
        client.Subscribe("c", member: "ann", call: 1);
        client.Subscribe("c", call: 2);
        client.Presence("c");
        client.Do(session => session.Identify("default", new Actors.Rights.Identity.User("ann")));
        client.Unsubscribe("c", call: 3);
        client.Subscribe("c", member: "ann", call: 4);
        node.Turn();

        client.Lines.All.ShouldBe(["no sub 1 Forbidden", "ok sub 2 @0", "no presence c Forbidden", "ok unsub 3", "ok sub 4 @0"]);
    }

    [Fact]
    public void Subscribe_WithTooMuchInfo_IsRefused()
    {
        var client = _node.Connect();
        var refusal = Refusal.None;
        client.Do(session => refusal = session.Subscribe(
            new ChannelName("default", "c"),
            new Actors.Dialects.SubscribeRequest(0, Since: null, new Actors.Dialects.MemberClaim("ann", new byte[5_000])),
            call: null));
        _node.Turn();

        refusal.ShouldBe(Refusal.InfoTooLarge);
    }

    private TestClient Join(string user)
    {
        var client = _node.Connect(0);
        client.Subscribe(_channel, member: user);
        _node.Turn();
        return client;
    }
}
