using Broker.Actors.Loops;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Nodes;

public class BurstTests
{
    private const int OutboxBytes = 64 * 1024;
    private const int EventBytes = 1_000;
    private const int AtOnce = OutboxBytes / 4 / (EventBytes + 20);

    [Fact]
    public void Emit_OfMoreThanAClientShouldGetInOneTick_EndsTheTicksReading()
    {
        var poller = new CountingPoller();
        using var node = TestNode.Turned(loops: 1, new LocalNodeOptions { Shards = 16, OutboxBytes = OutboxBytes, Poller = _ => poller });
        node.Connect().Subscribe("c");
        var publisher = node.Connect();
        node.Turn();

        Emit(publisher, "c", AtOnce);
        node.Turn();
        Emit(publisher, "c", AtOnce);   // another tick counts anew
        node.Turn();
        poller.Ends.ShouldBe(0);
        Emit(publisher, "c", AtOnce + 2);
        node.Turn();
        poller.Ends.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Emit_ToManyChannels_IsNoBurstForAnyClient()
    {
        var poller = new CountingPoller();
        using var node = TestNode.Turned(loops: 1, new LocalNodeOptions { Shards = 16, OutboxBytes = OutboxBytes, Poller = _ => poller });
        for (var i = 0; i < 100; i++)
        {
            node.Connect().Subscribe($"c{i}");
        }

        var publisher = node.Connect();
        node.Turn();
        for (var i = 0; i < 100; i++)
        {
            Emit(publisher, $"c{i}", 10);
        }

        node.Turn();
        publisher.Lines.All.Length.ShouldBeGreaterThan(0);
        poller.Ends.ShouldBe(0);
    }

    private static void Emit(TestClient publisher, string channel, int events)
    {
        for (var i = 0; i < events; i++)
        {
            publisher.Emit(channel, new string('1', EventBytes));
        }
    }

    private sealed class CountingPoller : ILoopPoller
    {
        public int Ends { get; private set; }

        public void Poll(int timeoutMs)
        {
        }

        public void EndReading() => Ends++;

        public void Wake()
        {
        }

        public void Dispose()
        {
        }
    }
}
