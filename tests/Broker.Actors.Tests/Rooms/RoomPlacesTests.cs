using Broker.Actors.Channels;
using Broker.Actors.Cluster;
using Broker.Actors.Loops;
using Broker.Actors.Rooms;
using Broker.Messages;

namespace Broker.Actors.Tests.Rooms;

/// <summary>What a room makes of an owner that cannot continue a place: it broke, or the place is not where the room stands.</summary>
public sealed class RoomPlacesTests : IRoomShard
{
    private const ulong Life = 7;

    private static readonly ChannelName Channel = new("default", "c");
    private static readonly ChannelOptions Options = new();
    private static readonly HistoryBudget Budget = new(1 << 20);
    private static readonly Boundary[] FirstTerm = [new(1, 1)];

    private readonly List<ChannelInput> _asked = [];
    private readonly NodeRoom _room;

    public RoomPlacesTests() => _room = new NodeRoom(Channel, this, loops: 1);

    [Fact]
    public void No_ToAnOlderPlace_IsNoBreak_AndTheRoomAsksFromWhereItStands()
    {
        FollowTo(20);

        _room.Take(No(of: 15, upTo: 30, FirstTerm));

        _room.Copy!.Stream.Offset.ShouldBe(20);
        _asked.ShouldBe([new ChannelInput.Repair(default, At(20))]);
    }

    [Fact]
    public void No_ToThePlaceThatTheRoomAskedFrom_IsABreak()
    {
        FollowTo(20);
        _room.Take(No(of: 15, upTo: 30, FirstTerm));

        _room.Take(No(of: 20, upTo: 31, FirstTerm));

        _room.Copy!.Stream.Offset.ShouldBe(31);
        _asked.Count.ShouldBe(1);
    }

    [Fact]
    public void SeveralNos_ToOlderPlaces_AreNoBreak_AndTheRoomAsksOnce()
    {
        FollowTo(20);

        _room.Take(No(of: 12, upTo: 30, FirstTerm));
        _room.Take(No(of: 15, upTo: 30, FirstTerm));

        _room.Copy!.Stream.Offset.ShouldBe(20);
        _asked.ShouldBe([new ChannelInput.Repair(default, At(20))]);
    }

    [Fact]
    public void No_AfterTheRoomWentOn_IsToAnOlderPlaceAgain()
    {
        FollowTo(20);
        _room.Take(No(of: 15, upTo: 30, FirstTerm));
        _room.Take(Event(21), default);

        _room.Take(No(of: 20, upTo: 31, FirstTerm));

        _room.Copy!.Stream.Offset.ShouldBe(21);
        _asked.ShouldBe([new ChannelInput.Repair(default, At(20)), new ChannelInput.Repair(default, At(21))]);
    }

    [Fact]
    public void No_OfAStreamThatTheRoomIsNotPartOf_IsABreak()
    {
        FollowTo(20);

        _room.Take(No(of: 15, upTo: 30, [new(1, 1), new(2, 16)]));   // what it has from 16 on is another owner's

        _room.Copy!.Stream.Offset.ShouldBe(30);
        _asked.ShouldBeEmpty();
    }

    Loop IRoomShard.Loop => throw new NotSupportedException();

    Incarnation IRoomShard.Self => default;

    ProtocolRules IRoomShard.Rules => ProtocolRules.All;

    bool IRoomShard.IsOwner => false;

    bool IRoomShard.IsSure => true;

    void IRoomShard.ToOwner(ChannelName channel, ChannelInput input) => _asked.Add(input);

    RoomFollower IRoomShard.NewFollower(ChannelName channel, RoomInput.Interested interested) => new(
        new ChannelStream(channel, interested.Position.Epoch, interested.Position.Offset, interested.LastTerm, interested.Boundaries, Options, Budget),
        [],
        ProtocolRules.All);

    LoopRoom IRoomShard.NewLoopRoom(int loop, ChannelName channel) => throw new NotSupportedException();

    void IRoomShard.Forget(NodeRoom room) => throw new NotSupportedException();

    void IRoomShard.LeaveAfterGrace(ChannelName channel, SessionId session, string userId) => throw new NotSupportedException();

    void IRoomShard.AskWhenSure(NodeRoom room) => throw new NotSupportedException();

    void IRoomShard.Holds(NodeRoom room) => throw new NotSupportedException();

    void IRoomShard.Linger(NodeRoom room) => throw new NotSupportedException();

    /// <summary>The room begins at 10, and follows its owner.</summary>
    private void FollowTo(long offset)
    {
        _room.Take(new RoomInput.Interested(Stream: null, At(10), LastTerm: 1, FirstTerm, Missed: []));
        for (var next = 11; next <= offset; next++)
        {
            _room.Take(Event(next), default);
        }
    }

    private static RoomInput.Interested No(long of, long upTo, Boundary[] boundaries)
    {
        var term = boundaries[^1].Term;
        return new RoomInput.Interested(Stream: null, new Position(new Epoch(Life, term), upTo), term, boundaries, Missed: null, At(of));
    }

    private static Position At(long offset) => new(new Epoch(Life, 1), offset);

    private static ChannelEvent Event(long offset) => new()
    {
        Channel = Channel,
        Epoch = new Epoch(Life, 1),
        PreviousTerm = 1,
        Offset = offset,
        AtMs = 0,
        Name = "e",
        Data = default,
    };
}
