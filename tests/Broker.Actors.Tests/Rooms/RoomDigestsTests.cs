using Broker.Actors.Channels;
using Broker.Actors.Cluster;
using Broker.Actors.Loops;
using Broker.Actors.Presence;
using Broker.Actors.Rooms;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Tests.Rooms;

/// <summary>What a room asks its owner for when it is told digests.</summary>
public sealed class RoomDigestsTests : IRoomShard
{
    private readonly Members _members = new(max: 1_000);
    private readonly List<ChannelInput.PullMembers> _asked = [];
    private readonly NodeRoom _room;

    public RoomDigestsTests()
    {
        _room = new NodeRoom(new ChannelName("default", "c"), this, loops: 1);
        for (var user = 0; user < 600; user++)
        {
            _members.Join(new SessionId(default, user), $"u{user}", "{}"u8.ToArray());
        }
    }

    [Fact]
    public void Room_ThatKnowsAll_AsksForNobody()
    {
        _room.Take(new RoomInput.MemberList(_members.All()));

        _room.Take(Digests(1));

        _asked.ShouldBeEmpty();
    }

    [Fact]
    public void Room_ThatKnowsNobodyYet_AsksForAll()
    {
        _room.Take(Digests(1));

        _asked.Single().Buckets.Count.ShouldBe(MemberDigest.Buckets);
    }

    [Fact]
    public void Room_ThatMissedOneWhoLeft_AsksForOneBucket_AndThenKnows()
    {
        _room.Take(new RoomInput.MemberList(_members.All()));
        _members.Leave(new SessionId(default, 5), "u5");
        _room.Take(Digests(1));
        _asked.Single().Buckets.ShouldBe([new MemberDigest(new DigestKey(1, 1)).BucketOf("u5")]);

        var members = _members.In(_asked[0].Key, _asked[0].Buckets);
        members.Length.ShouldBeInRange(0, 20);
        _room.Take(new RoomInput.MemberBuckets(_asked[0].Key, _asked[0].Buckets, members));
        _room.Take(Digests(2));

        _asked.Count.ShouldBe(1);
    }

    /// <summary>A room that was given up asked, and the answer finds the next one.</summary>
    [Fact]
    public void Buckets_ForARoomThatKnowsNobody_AreNoList()
    {
        _room.Take(new RoomInput.MemberBuckets(new DigestKey(1, 1), [3], []));
        _room.Take(Digests(1));

        _asked.Single().Buckets.Count.ShouldBe(MemberDigest.Buckets);
    }

    Loop IRoomShard.Loop => throw new NotSupportedException();

    Incarnation IRoomShard.Self => default;

    ProtocolRules IRoomShard.Rules => ProtocolRules.All;

    bool IRoomShard.IsOwner => false;

    bool IRoomShard.IsSure => true;

    void IRoomShard.ToOwner(ChannelName channel, ChannelInput input) => _asked.Add((ChannelInput.PullMembers)input);

    LoopRoom IRoomShard.NewLoopRoom(int loop, ChannelName channel) => throw new NotSupportedException();

    RoomFollower IRoomShard.NewFollower(ChannelName channel, RoomInput.Interested interested) => throw new NotSupportedException();

    void IRoomShard.Forget(NodeRoom room) => throw new NotSupportedException();

    void IRoomShard.LeaveAfterGrace(ChannelName channel, SessionId session, string userId) => throw new NotSupportedException();

    void IRoomShard.AskWhenSure(NodeRoom room) => throw new NotSupportedException();

    void IRoomShard.Holds(NodeRoom room) => throw new NotSupportedException();

    void IRoomShard.Linger(NodeRoom room) => throw new NotSupportedException();

    private RoomInput.MemberDigests Digests(ulong key)
    {
        var digest = _members.DigestUnder(new DigestKey(key, key));
        return new RoomInput.MemberDigests(digest.Key, digest.Sums);
    }
}
