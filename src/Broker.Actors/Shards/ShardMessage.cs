using Broker.Actors.Channels;
using Broker.Actors.Rooms;
using Broker.Actors.Sessions;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>What a shard is told by the sessions and services of this node, and by other nodes. Emits come as they are: <see cref="ChannelInput.Emit"/>.</summary>
internal abstract record ShardMessage
{
    private ShardMessage()
    {
    }

    internal sealed record Subscribe(Subscription Subscription, Position? Since, object? Call) : ShardMessage;

    /// <param name="IsLost">True when the connection went without a word: a member then stays for a grace.</param>
    /// <param name="Call">Answered once the owner has counted it; null for not.</param>
    internal sealed record Leave(Subscription Subscription, bool IsLost, object? Call) : ShardMessage;

    internal sealed record History(ChannelName Channel, Position? Since, int Limit, bool Backward, IQuestion Question) : ShardMessage;

    internal sealed record Presence(ChannelName Channel, IQuestion Question) : ShardMessage;

    /// <summary>The session has an emit that the mailbox could not take.</summary>
    internal sealed record Wake(SessionActor Session) : ShardMessage;

    /// <summary>Another node said something about the shard, under a term.</summary>
    internal sealed record Item(Incarnation From, long Term, NodeItem What) : ShardMessage;

    /// <summary>The directory names another owner, or another term.</summary>
    /// <param name="Owner">Null for nobody.</param>
    /// <param name="Live">The live nodes, this one too.</param>
    /// <param name="Able">Those of them that may own shards.</param>
    /// <param name="Absent">Nodes that are not there, and may come back with what they have.</param>
    /// <param name="Holders">Who held the shard's events before.</param>
    internal sealed record OwnerChanged(
        Incarnation? Owner,
        long Term,
        IReadOnlyList<Incarnation> Live,
        IReadOnlyList<Incarnation> Able,
        IReadOnlyList<Incarnation> Absent,
        IReadOnlyList<Incarnation> Holders) : ShardMessage
    {
        /// <summary>Another node's word for it, which says nothing of the rest.</summary>
        public static OwnerChanged Heard(Incarnation? owner, long term) => new(owner, term, [], [], [], []);
    }

    /// <summary>A node has no lease any more, or was found dead.</summary>
    /// <param name="MayReturn">True: with what it has.</param>
    internal sealed record NodeGone(Incarnation Node, bool MayReturn) : ShardMessage;

    /// <summary>A node that might have come back has not: nobody waits for what it has any more.</summary>
    internal sealed record GivenUp(Incarnation Node) : ShardMessage;
}
