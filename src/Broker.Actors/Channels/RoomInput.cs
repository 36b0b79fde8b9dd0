using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Channels;

/// <summary>Everything that a channel's owner tells the rooms of the nodes, besides its events.</summary>
internal abstract record RoomInput
{
    private RoomInput()
    {
    }

    /// <summary>The room gets every event after <paramref name="Stream"/>'s position from now on.</summary>
    /// <param name="Stream">The owner's own stream for a room on its node; null for others, who build theirs from the rest.</param>
    /// <param name="Position">Where the stream stands.</param>
    /// <param name="Missed">What the room lacks, when it said what it has; null when that cannot be promised: reset.</param>
    /// <param name="Asked">What the room said that it has; null where it said nothing.</param>
    internal sealed record Interested(
        ChannelStream? Stream,
        Position Position,
        long LastTerm,
        IReadOnlyList<Boundary> Boundaries,
        ChannelEvent[]? Missed,
        Position? Asked = null) : RoomInput;

    internal sealed record MemberCame(Member Member) : RoomInput;

    internal sealed record MemberWent(string UserId) : RoomInput;

    /// <summary>Everybody who is here: what differs from what the room knows has come or gone unseen.</summary>
    internal sealed record MemberList(IReadOnlyList<Member> Members) : RoomInput;

    /// <summary>In place of a long list, for a room that may know it: it asks for what differs.</summary>
    internal sealed record MemberDigests(DigestKey Key, IReadOnlyList<ulong> Sums) : RoomInput;

    /// <summary>Everybody who is in some buckets of a digest.</summary>
    internal sealed record MemberBuckets(DigestKey Key, IReadOnlyList<byte> Buckets, IReadOnlyList<Member> Members) : RoomInput;

    /// <summary>What a client lacks that the room could not serve.</summary>
    internal sealed record Recovered(long Ticket, Recovery Recovery) : RoomInput;

    internal sealed record JoinAnswered(long Ticket, Refusal Refusal) : RoomInput;
}
