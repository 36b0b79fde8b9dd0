using System.Diagnostics;
using Broker.Actors.Channels;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>What an owner tells a room, as items for the room's node.</summary>
internal static class RoomItems
{
    /// <summary>What would be larger than <paramref name="largest"/> bytes says instead that it cannot be promised.</summary>
    public static RoomInput Bounded(RoomInput input, long largest) => input switch
    {
        RoomInput.Interested { Missed: { } missed } interested when missed.Sum(one => (long)EventCodec.Size(one)) > largest =>
            interested with { Missed = null },
        RoomInput.Recovered recovered when recovered.Recovery.Missed.Sum(one => (long)EventCodec.Size(one)) > largest =>
            recovered with { Recovery = Recovery.None },
        _ => input,
    };

    public static IEnumerable<NodeItem> Of(ChannelName channel, RoomInput input) => input switch
    {
        RoomInput.Interested interested => Of(channel, interested),
        RoomInput.MemberCame came => [new NodeItem.MemberCame(channel, came.Member)],
        RoomInput.MemberWent went => [new NodeItem.MemberWent(channel, went.UserId)],
        RoomInput.MemberList list => Slices.Of(list.Members).Select(slice => new NodeItem.MemberList(channel, slice.Part, slice.HasMore)),
        RoomInput.MemberDigests digests => [new NodeItem.MemberDigests(channel, digests.Key, digests.Sums)],
        RoomInput.MemberBuckets buckets => Slices.Of(buckets.Members).Select(slice =>
            new NodeItem.MemberBuckets(channel, buckets.Key, buckets.Buckets, slice.Part, slice.HasMore)),
        RoomInput.JoinAnswered answered => [new NodeItem.JoinAnswered(channel, answered.Ticket, answered.Refusal)],
        RoomInput.Recovered recovered => Slices.Of(recovered.Recovery.Missed).Select(slice =>
            new NodeItem.Recovered(channel, recovered.Ticket, recovered.Recovery.Recovered, slice.Part, slice.HasMore)),
        _ => throw new UnreachableException(),
    };

    private static IEnumerable<NodeItem> Of(ChannelName channel, RoomInput.Interested interested) =>
        Slices.Of(interested.Missed ?? []).Select(slice => new NodeItem.Interested(
            channel, interested.Position, interested.LastTerm, [.. interested.Boundaries], interested.Missed is null, slice.Part, slice.HasMore,
            interested.Missed is null ? interested.Asked : null));
}
