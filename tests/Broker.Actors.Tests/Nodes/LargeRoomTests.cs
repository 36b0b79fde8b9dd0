using System.Globalization;
using System.Text;
using Broker.Actors.Dialects;
using Broker.Actors.Loops;
using Broker.Messages;
using Broker.TestKit.Nodes;
using Broker.TestKit.Sessions;

namespace Broker.Actors.Tests.Nodes;

public class LargeRoomTests
{
    [Fact]
    public void Emit_ToALargeRoom_IsServedInSlicesWithASmallRoomInBetween()
    {
        using var node = TestNode.Turned();
        var large = Connect(node, "large", 5_000);
        var small = Connect(node, "small", 10);
        large[0].Emit("large", "1");
        node.TurnOnce(0);
        var served = Served(large, "large#1 e=1");
        served.ShouldBeInRange(1, 2_000);
        small[0].Emit("small", "1");
        node.TurnOnce(0);
        small.Count(client => client.Events is ["small#1 e=1"]).ShouldBe(10);
        Served(large, "large#1 e=1").ShouldBeInRange(served + 1, 4_000);
        large[4_999].Emit("large", "2");   // comes while the first is still going round
        node.Turn();

        large.Count(client => client.Events is ["large#1 e=1", "large#2 e=2"]).ShouldBe(5_000);
        node.Dialect.Events.ShouldBe(3);
        node.Framing.Frames.ShouldBe(3 + 5_010 + 3);   // and the answers
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Emit_WhateverTheNumberOfSubscribersAndLoops_IsEncodedAndFramedOncePerVersion(int loops)
    {
        using var node = TestNode.Turned(loops);
        for (var i = 0; i < 300; i++)
        {
            node.Connect(i % loops).Subscribe("c", version: i % 3 == 0 ? 0 : i % 3 == 1 ? 1 : 7);
        }

        var deflated = new LineFraming();
        node.Connect(framing: deflated).Subscribe("c");
        var silent = node.Connect();
        silent.Subscribe("c", version: 2);
        var publisher = node.Connect();
        node.Turn();
        var framed = node.Framing.Frames;
        publisher.Emit("c", "1");
        node.Turn();

        node.Dialect.Events.ShouldBe(5);   // three versions, the other framing, and the one that shows nothing
        (node.Framing.Frames - framed).ShouldBe(3 + 1);   // three versions, and the publisher's answer
        deflated.Frames.ShouldBe(1 + 1);
        silent.Events.ShouldBeEmpty();
    }

    [Fact]
    public void Emit_WhenNobodySubscribes_IsNotEncoded()
    {
        using var node = TestNode.Turned();
        var client = node.Connect();
        client.Subscribe("c");
        client.Unsubscribe("c");
        client.Emit("c", "1");
        node.Turn();

        node.Dialect.Events.ShouldBe(0);
    }

    [Fact]
    public void Deliveries_WithWarmBuffers_AllocateTheSameForTenAndForAThousandSubscribers()
    {
        var ten = BytesPerEmit(10);
        var thousand = BytesPerEmit(1_000);

        (thousand - ten).ShouldBeInRange(-64, 64);
        ten.ShouldBeLessThan(2_048);
    }

    private static long BytesPerEmit(int subscribers)
    {
        const int Emits = 300;
        using var node = TestNode.Turned();
        foreach (var client in Connect(node, "c", subscribers))
        {
            client.Transport.KeepsLines = false;
        }

        var publisher = node.Connect();
        node.Turn();
        var data = Encoding.UTF8.GetBytes(123_456.ToString(CultureInfo.InvariantCulture));
        var channel = new ChannelName("default", "c");
        Emit(Emits);   // windows, buffers and lists grow to what they need
        var before = GC.GetAllocatedBytesForCurrentThread();
        Emit(Emits);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Emits;

        void Emit(int times)
        {
            Loop loop = node.Node.Loops[0];
            for (var i = 0; i < times; i++)
            {
                publisher.Session.Emit(channel, new EmitRequest("e", data, echo: true), call: null);
                loop.Turn(0);
            }
        }
    }

    private static int Served(TestClient[] clients, string line) => clients.Count(client => client.Lines.All.Contains(line));

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
