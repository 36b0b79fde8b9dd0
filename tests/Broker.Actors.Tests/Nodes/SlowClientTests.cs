using System.Globalization;
using Broker.Actors.Sessions;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Nodes;

public class SlowClientTests
{
    [Fact]
    public void Stalled_AThousandOfThem_AreClosedAndNobodyElseNotices()
    {
        using var node = TestNode.Turned(loops: 2, new LocalNodeOptions { Shards = 16, OutboxBytes = 10_000 });
        var channel = node.ChannelOn(0);
        var slow = Connect(node, channel, 1_000);
        var fast = Connect(node, channel, 100);
        foreach (var client in slow)
        {
            client.Transport.Window = 300;
        }

        var publisher = node.Connect(1);
        for (var i = 1; i <= 30; i++)
        {
            publisher.Emit(channel, i.ToString("d1000", CultureInfo.InvariantCulture));
            node.Turn();
        }

        slow.Count(client => client.Transport.Reason == Disconnect.Slow).ShouldBe(1_000);
        node.Node.Counters.SlowSessions.Value.ShouldBe(1_000);
        node.Node.Outboxes.UsedBytes.ShouldBe(0);
        node.Node.SessionCount.ShouldBe(101);
        fast.Count(client => client.Events.Length == 30).ShouldBe(100);
        publisher.Lines.Count.ShouldBe(30);
    }

    [Fact]
    public void Stalled_UntilItReadsAgain_GetsEverythingInOrder()
    {
        using var node = TestNode.Turned();
        var client = Connect(node, "c", 1)[0];
        client.Transport.Window = 0;
        for (var i = 1; i <= 50; i++)
        {
            client.Emit("c", $"{i}");
            node.Turn();
        }

        client.Transport.QueuedBytes.ShouldBeGreaterThan(0);
        node.Node.Outboxes.UsedBytes.ShouldBe(client.Transport.QueuedBytes);
        client.Do(_ => client.Transport.Unstall());
        node.Turn();

        client.Events.ShouldBe(Enumerable.Range(1, 50).Select(i => $"c#{i} e={i}"));
        node.Node.Outboxes.UsedBytes.ShouldBe(0);
        client.Transport.Reason.ShouldBeNull();
    }

    [Fact]
    public void Stalled_WhenTheNodesBudgetIsSpent_IsClosedBeforeItsOwnBound()
    {
        using var node = TestNode.Turned(loops: 1, new LocalNodeOptions { Shards = 16, OutboxMemory = 50_000 });
        var slow = Connect(node, "c", 100);
        foreach (var client in slow)
        {
            client.Transport.Window = 0;
        }

        for (var i = 0; i < 10; i++)
        {
            slow[0].Emit("c", new string('1', 1_000));
            node.Turn();
            node.Node.Outboxes.UsedBytes.ShouldBeLessThanOrEqualTo(50_000);
        }

        slow.Count(client => client.Transport.Reason == Disconnect.Slow).ShouldBeGreaterThan(50);
    }

    [Fact]
    public void Silent_WithoutAPong_IsClosedAndOneThatAnswersStays()
    {
        using var node = TestNode.Turned();
        var dead = node.Connect();
        var alive = node.Connect();
        var talking = node.Connect();
        node.Turn();
        var answered = 0;
        for (var second = 0; second < 120; second++)
        {
            node.Pass(TimeSpan.FromSeconds(1));
            if (alive.Transport.Pings > answered)
            {
                answered++;
                alive.Do(_ => alive.Transport.Pong());
            }

            talking.Do(_ => talking.Transport.Say("hello"));
            if (second is 23)
            {
                dead.Transport.Pings.ShouldBe(0);
            }
            else if (second is 44)
            {
                dead.Transport.Reason.ShouldBeNull();
            }
        }

        dead.Transport.Pings.ShouldBe(1);
        dead.Transport.Reason.ShouldBe(Disconnect.NoPong);
        alive.Transport.Reason.ShouldBeNull();
        alive.Transport.Pings.ShouldBeGreaterThan(1);
        talking.Transport.Reason.ShouldBeNull();
        talking.Transport.Pings.ShouldBe(0);
    }

    private static TestClient[] Connect(TestNode node, string channel, int count)
    {
        var clients = Enumerable.Range(0, count).Select(i => node.Connect(i % node.Node.Loops.Count)).ToArray();
        foreach (var client in clients)
        {
            client.Subscribe(channel);
        }

        node.Turn();
        return clients;
    }
}
