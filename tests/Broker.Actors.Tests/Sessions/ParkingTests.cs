using System.Globalization;
using Broker.Actors.Sessions;
using Broker.Actors.Shards;
using Broker.Messages;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Sessions;

/// <summary>A session whose emit a shard cannot take stops reading until it can, and keeps the order of its commands.</summary>
public class ParkingTests
{
    private static readonly LocalNodeOptions TwoAtATime = new() { Shards = 16, Shard = new ShardOptions { MailboxEmits = 2 } };

    [Fact]
    public void Emit_WhenTheMailboxIsFull_StopsReadingAndWakesWhenThereIsRoom()
    {
        using var node = TestNode.Turned(loops: 2, TwoAtATime);
        var channel = node.ChannelOn(1);
        var client = node.Connect(0);
        for (var i = 1; i <= 7; i++)
        {
            client.Emit(channel, i.ToString(CultureInfo.InvariantCulture));
        }

        node.TurnOnce(0);
        client.Transport.IsPaused.ShouldBeTrue();
        node.Node.Shards.Of(new ChannelName("default", channel)).Mailbox.Emits.ShouldBe(2);
        node.Turn();

        client.Transport.IsPaused.ShouldBeFalse();
        client.Lines.All.ShouldBe(Enumerable.Range(1, 7).Select(i => $"ok emit {i} @{i}"));
        node.Node.Shards.Of(new ChannelName("default", channel)).Mailbox.ShouldBe((0, 0));
    }

    [Fact]
    public void Emit_WhenTheMailboxHasBeenFullOften_KeepsBothItsBounds()
    {
        var options = new LocalNodeOptions { Shards = 16, Shard = new ShardOptions { MailboxEmits = 2, MailboxBytes = 1_000 } };
        using var node = TestNode.Turned(loops: 2, options);
        var channel = node.ChannelOn(1);
        var client = node.Connect(0);
        for (var i = 0; i < 50; i++)
        {
            client.Emit(channel, new string('1', 400));
        }

        node.Turn();
        var shard = node.Node.Shards.Of(new ChannelName("default", channel));
        shard.Mailbox.ShouldBe((0, 0));
        client.Emit(channel, new string('1', 1_500));
        client.Emit(channel, "2");
        node.TurnOnce(0);

        shard.Mailbox.ShouldBe((1, 1_500));   // one of any size, and then no more bytes
        client.Transport.IsPaused.ShouldBeTrue();
        node.Turn();
        client.Lines.Count.ShouldBe(52);
    }

    [Fact]
    public void Emit_WhenThereIsNoRoomForThreeSeconds_IsUnavailableAndReadingGoesOn()
    {
        using var node = TestNode.Turned(loops: 2, TwoAtATime);
        var channel = node.ChannelOn(1);
        var client = node.Connect(0);
        for (var i = 1; i <= 4; i++)
        {
            client.Emit(channel, $"{i}");
        }

        for (var ms = 0; ms < 3_200; ms += 100)
        {
            client.Lines.Count.ShouldBe(0);
            node.TurnOnce(0);
            node.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        node.TurnOnce(0);
        client.Lines.All.ShouldBe(["no emit 3 Unavailable", "no emit 4 Unavailable"]);
        client.Transport.IsPaused.ShouldBeFalse();
        node.Turn();
        client.Lines.All[2..].ShouldBe(["ok emit 1 @1", "ok emit 2 @2"]);
    }

    [Fact]
    public void Commands_BehindAParkedEmit_KeepTheirOrder()
    {
        using var node = TestNode.Turned(loops: 2, TwoAtATime);
        var channel = node.ChannelOn(1);
        var client = node.Connect(0);
        for (var i = 1; i <= 4; i++)
        {
            client.Emit(channel, $"{i}");
        }

        client.History(channel);
        client.Subscribe(channel);
        client.Emit(channel, "5");
        client.Unsubscribe(channel);
        client.Emit(channel, "6");
        client.Presence(channel);
        node.Turn();

        client.Lines.All.ShouldContain($"history {channel} None @4 [1 2 3 4]");
        client.Lines.All.ShouldContain($"ok sub {channel} @4");
        client.Lines.All.ShouldContain("ok emit 6 @6");
        client.Lines.All.ShouldContain($"presence {channel} None [] 0 of 0");
    }

    [Fact]
    public void Close_WithParkedCommands_LeavesNothingBehind()
    {
        using var node = TestNode.Turned(loops: 2, TwoAtATime);
        var channel = node.ChannelOn(1);
        var client = node.Connect(0);
        client.Subscribe(channel);
        node.Turn();
        for (var i = 1; i <= 4; i++)
        {
            client.Emit(channel, $"{i}");
        }

        client.Unsubscribe(channel);
        client.Subscribe(channel);
        client.Close(Disconnect.ByOperator);
        node.Turn();
        node.Pass(TimeSpan.FromSeconds(10));

        var asked = node.Connect();
        asked.Presence(channel);
        node.Turn();
        asked.Lines.All.ShouldBe([$"presence {channel} None [] 0 of 0"]);
        node.Node.Shards.All.Sum(shard => shard.RoomCount).ShouldBe(0);
    }
}
