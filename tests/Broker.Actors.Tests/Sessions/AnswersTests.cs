using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Sessions;

public class AnswersTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Emit_WhenTheEmitterSubscribes_SendsItsCopyBeforeItsAnswer(int loop)
    {
        using var node = TestNode.Turned(loops: 2);
        var channel = node.ChannelOn(0);
        var client = node.Connect(loop);
        client.Subscribe(channel);
        client.Emit(channel, "1");
        client.Emit(channel, "2");
        node.Turn();

        client.Lines.All.ShouldBe([$"ok sub {channel} @0", $"{channel}#1 e=1", $"{channel}#2 e=2", "ok emit 1 @1", "ok emit 2 @2"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Emit_WhenTheRoomIsServedInSlices_SendsTheEmittersCopyBeforeItsAnswer(int loop)
    {
        using var node = TestNode.Turned(loops: 2);
        var channel = node.ChannelOn(0);
        for (var i = 0; i < 2_500; i++)
        {
            node.Connect(loop).Subscribe(channel);
        }

        var emitter = node.Connect(loop);
        emitter.Subscribe(channel);
        node.Turn();
        emitter.Lines.Clear();
        for (var i = 1; i <= 5; i++)
        {
            emitter.Emit(channel, $"{i}");
            node.TurnOnce(loop);
        }

        node.Turn();

        var lines = emitter.Lines.All.ToList();
        for (var i = 1; i <= 5; i++)
        {
            lines.IndexOf($"{channel}#{i} e={i}").ShouldBeInRange(0, lines.IndexOf($"ok emit {i} @{i}"));
        }
    }

    [Fact]
    public void Answer_WhenADialectThrowsOnIt_ClosesThatSessionAndAnswersTheOthers()
    {
        using var node = TestNode.Turned();
        var bad = node.Connect();
        var good = node.Connect();
        node.Turn();
        bad.Dialect.OnAnswer = (kind, _) =>
        {
            if (kind == "emit")
            {
                throw new InvalidOperationException("A dialect with a bug.");
            }
        };
        bad.Emit("c", "1");
        good.Emit("c", "2");
        node.Turn();
        good.Emit("c", "3");
        node.Turn();

        bad.Transport.Reason.ShouldBe(Actors.Sessions.Disconnect.InternalError);
        good.Lines.All.ShouldBe(["ok emit 2 @2", "ok emit 3 @3"]);
        node.Node.SessionCount.ShouldBe(1);
    }
}
