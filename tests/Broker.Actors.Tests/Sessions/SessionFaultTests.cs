using Broker.Actors.Sessions;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Sessions;

/// <summary>A bug in one session's dialect, wherever it shows, closes that session and nothing else.</summary>
public class SessionFaultTests
{
    [Theory]
    [InlineData("sub", 0)]
    [InlineData("sub", 1)]
    [InlineData("unsub", 0)]
    [InlineData("unsub", 1)]
    [InlineData("emit", 0)]
    [InlineData("emit", 1)]
    [InlineData("history", 0)]
    [InlineData("history", 1)]
    [InlineData("presence", 0)]
    [InlineData("presence", 1)]
    public void Answer_WhenTheDialectThrows_ClosesOnlyThatSession(string kind, int shardLoop)
    {
        using var node = TestNode.Turned(loops: 2);
        var channel = node.ChannelOn(shardLoop);
        var other = node.Connect();
        other.Subscribe(channel);
        var bad = node.Connect();
        node.Turn();
        bad.Dialect.OnAnswer = (answered, _) =>
        {
            if (answered == kind)
            {
                throw new InvalidOperationException("A dialect with a bug.");
            }
        };
        bad.Subscribe(channel);
        bad.Emit(channel, "1");
        bad.History(channel);
        bad.Presence(channel);
        bad.Unsubscribe(channel);
        node.Turn();
        other.Emit(channel, "2");
        node.Turn();

        bad.Transport.Reason.ShouldBe(Disconnect.InternalError);
        bad.Dialect.IsClosed.ShouldBeTrue();
        other.Transport.Reason.ShouldBeNull();
        other.Events.ShouldContain($"{channel}#{other.Dialect.LastEmitted.Position.Offset} e=2");
        node.Node.SessionCount.ShouldBe(1);
        other.Presence(channel);
        node.Turn();
        other.Dialect.LastPresence!.Subscribers.ShouldBe(1);
    }

    [Fact]
    public void Message_WhenTheDialectThrows_ClosesOnlyThatSession()
    {
        using var node = TestNode.Turned();
        var bad = node.Connect();
        var other = node.Connect();
        node.Turn();
        bad.Dialect.OnReceived = _ => throw new InvalidOperationException("A dialect with a bug.");
        bad.Do(_ => bad.Transport.Say("hello"));
        other.Emit("c", "1");
        node.Turn();

        bad.Transport.Reason.ShouldBe(Disconnect.InternalError);
        other.Lines.All.ShouldBe(["ok emit 1 @1"]);
        node.Node.SessionCount.ShouldBe(1);
    }

    [Fact]
    public void Closed_WhenTheDialectThrows_TheSessionIsGoneAllTheSame()
    {
        using var node = TestNode.Turned();
        var bad = node.Connect();
        node.Turn();
        bad.Dialect.OnAnswer = (_, _) => throw new InvalidOperationException("A dialect with a bug.");
        bad.Leave(clean: true);
        node.Turn();

        node.Node.SessionCount.ShouldBe(0);
        node.Node.Rosters[0].Sessions.ShouldBeEmpty();
    }

    [Fact]
    public void Delivery_WhenATransportThrows_ClosesOnlyThatSession()
    {
        using var node = TestNode.Turned();
        var clients = Enumerable.Range(0, 5).Select(_ => node.Connect()).ToArray();
        foreach (var client in clients)
        {
            client.Subscribe("c");
        }

        node.Turn();
        clients[2].Transport.Throws = true;
        clients[0].Emit("c", "1");
        node.Turn();
        clients[0].Emit("c", "2");
        node.Turn();

        clients[2].Transport.Reason.ShouldBe(Disconnect.InternalError);
        clients[2].Events.ShouldBeEmpty();
        foreach (var client in clients.Where(client => client != clients[2]))
        {
            client.Events.ShouldBe(["c#1 e=1", "c#2 e=2"]);
        }
    }
}
