using System.Globalization;
using Broker.Actors.Dialects;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Messages;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Sessions;

/// <summary>A session reads no more while many of its calls wait for their answers, and leaves once they have them.</summary>
public class CallsUnderWayTests
{
    private static readonly LocalNodeOptions FourAtATime = new() { Shards = 16, Sessions = new SessionLimits { CallsUnderWay = 4 } };

    [Fact]
    public void Emits_ThatWaitForTheirAnswers_StopReadingUntilHalfOfThemAreAnswered()
    {
        using var node = TestNode.Turned(loops: 2, FourAtATime);
        var client = Connected(node);
        var channel = node.ChannelOn(1);
        Emit(client, channel, 3);
        node.TurnOnce(0);
        client.Transport.IsPaused.ShouldBeFalse();

        Emit(client, channel, 1);
        node.TurnOnce(0);

        client.Transport.IsPaused.ShouldBeTrue();
        node.Node.Counters.Limits[Limit.Answers].ShouldBe(1);
        node.Turn();
        client.Transport.IsPaused.ShouldBeFalse();
        client.Lines.Count.ShouldBe(4);
    }

    [Fact]
    public void Emits_WithoutACall_AreNotWaitedFor()
    {
        using var node = TestNode.Turned(loops: 2, FourAtATime);
        var client = Connected(node);
        var name = new ChannelName("default", node.ChannelOn(1));
        client.Do(session =>
        {
            for (var i = 0; i < 10; i++)
            {
                session.Emit(name, new EmitRequest("e", "1"u8, echo: true), call: null).ShouldBe(Refusal.None);
            }
        });

        node.TurnOnce(0);

        client.Transport.IsPaused.ShouldBeFalse();
    }

    [Theory]
    [InlineData("history")]
    [InlineData("presence")]
    [InlineData("recover")]
    public void Question_WhoseAnswerMayBeLarge_IsTheOnlyOneUnderWay(string question)
    {
        using var node = TestNode.Turned(loops: 2, FourAtATime);
        var client = Connected(node);
        var channel = node.ChannelOn(1);
        switch (question)
        {
            case "history": client.History(channel); break;
            case "presence": client.Presence(channel); break;
            default: client.Subscribe(channel, since: default(Position)); break;
        }

        node.TurnOnce(0);
        client.Transport.IsPaused.ShouldBeTrue();

        node.Turn();

        client.Transport.IsPaused.ShouldBeFalse();
        client.Lines.Count.ShouldBe(1);
    }

    [Fact]
    public void Leave_WhileCallsAreUnderWay_AnswersThemAndThenCloses()
    {
        using var node = TestNode.Turned(loops: 2);
        var client = Connected(node);
        var idle = Connected(node);
        Emit(client, node.ChannelOn(1), 3);
        client.Do(session => ((SessionActor)session).Leave(Disconnect.Shutdown));
        idle.Do(session => ((SessionActor)session).Leave(Disconnect.Shutdown));

        node.TurnOnce(0);
        idle.Transport.Reason.ShouldBe(Disconnect.Shutdown);
        client.Transport.Reason.ShouldBeNull();
        client.Transport.IsPaused.ShouldBeTrue();

        node.Turn();

        client.Transport.Reason.ShouldBe(Disconnect.Shutdown);
        client.Lines.All.ShouldBe(["ok emit 0 @1", "ok emit 1 @2", "ok emit 2 @3"]);
    }

    [Fact]
    public void Publishes_OverTheRate_AreRefusedUntilTimeHasPassed()
    {
        using var node = TestNode.Turned(loops: 1, new LocalNodeOptions { Shards = 16, Sessions = new SessionLimits { PublishesPerSecond = 2 } });
        var client = Connected(node);
        var other = Connected(node);
        Emit(client, "c", 3);
        Emit(other, "d", 1);
        node.Turn();
        client.Lines.All.ShouldBe(["no emit 2 TooManyPublishes", "ok emit 0 @1", "ok emit 1 @2"]);
        other.Lines.All.ShouldBe(["ok emit 0 @1"], "each session has its own");
        node.Node.Counters.Limits[Limit.PublishesPerSecond].ShouldBe(1);

        node.Time.Advance(TimeSpan.FromMilliseconds(500));
        Emit(client, "c", 2);
        node.Turn();

        client.Lines.All[3..].ShouldBe(["no emit 1 TooManyPublishes", "ok emit 0 @3"]);
    }

    [Fact]
    public void Identify_AsAFullApp_IsRefusedUntilASessionHasLeftIt()
    {
        using var node = TestNode.Turned(loops: 1, new LocalNodeOptions { Shards = 16, Apps = new AppPlaces([new("other", 1)]) });
        var first = Connected(node);
        var second = Connected(node);
        var refusals = new List<Refusal>();
        void Enter(TestClient client) => client.Do(session => refusals.Add(session.Identify("other", Identity.Anonymous.Instance)));

        Enter(first);
        Enter(first);
        Enter(second);
        node.Turn();
        refusals.ShouldBe([Refusal.None, Refusal.None, Refusal.AppFull]);
        node.Node.Counters.Limits[Limit.AppSessions].ShouldBe(1);

        first.Leave(clean: true);
        Enter(second);
        node.Turn();
        refusals[^1].ShouldBe(Refusal.None);

        second.Do(session => session.Identify("default", Identity.Anonymous.Instance).ShouldBe(Refusal.None));
        Enter(Connected(node));
        node.Turn();
        refusals[^1].ShouldBe(Refusal.None);
    }

    private static TestClient Connected(TestNode node)
    {
        var client = node.Connect(0);
        node.Turn();
        return client;
    }

    private static void Emit(TestClient client, string channel, int count)
    {
        for (var i = 0; i < count; i++)
        {
            client.Emit(channel, i.ToString(CultureInfo.InvariantCulture));
        }
    }
}
