using Broker.Messages;

namespace Broker.Actors.Cluster;

/// <summary>What a loop's port is told by the node's links and its membership.</summary>
internal abstract record PortMessage
{
    private PortMessage()
    {
    }

    /// <summary>Items for this loop's shards, as ranges of a batch that nobody changes.</summary>
    /// <param name="Backlog">Counts them until they are handled; null for what nobody counts.</param>
    internal sealed record Arrived(Incarnation From, byte[] Batch, IReadOnlyList<Range> Items, LinkGauge? Backlog) : PortMessage
    {
        /// <summary>The items' bytes, with those of other loops' that lie between them.</summary>
        public int Bytes => Items[^1].End.Value - Items[0].Start.Value;
    }

    /// <summary>Items get through to a node, or do not.</summary>
    internal sealed record LinkChanged(Incarnation Peer, bool IsUp, LinkGauge Gauge) : PortMessage;

    /// <summary>What was sent to a node, or by it, may be lost: begin anew with it.</summary>
    internal sealed record Resync(Incarnation Peer) : PortMessage;

    /// <param name="Changed">The shards' rows as they are now, with those who held their events before.</param>
    /// <param name="Live">Live nodes with this one.</param>
    /// <param name="Able">Those of them that may own shards.</param>
    /// <param name="Absent">Nodes that are not there, and may come back with what they have.</param>
    internal sealed record Owners(
        IReadOnlyList<ShardRow> Changed,
        IReadOnlyList<Incarnation> Live,
        IReadOnlyList<Incarnation> Able,
        IReadOnlyList<Incarnation> Absent) : PortMessage;

    /// <summary>Nodes that may own shards have come or gone.</summary>
    internal sealed record AbleChanged(IReadOnlyList<Incarnation> Nodes) : PortMessage;

    /// <param name="Holders">As they were to be written, under that term.</param>
    internal sealed record HoldersWritten(ShardId Shard, long Term, IReadOnlyList<Incarnation> Holders, Answer<bool> Answer) : PortMessage;

    /// <summary>The shard is to go to another node.</summary>
    internal sealed record Move(ShardId Shard, Incarnation To) : PortMessage;

    /// <summary>A node has a lease, or has one again.</summary>
    internal sealed record NodeCame(Incarnation Node) : PortMessage;

    /// <summary>A node has no lease any more, or was found dead.</summary>
    /// <param name="MayReturn">True: with what it has.</param>
    internal sealed record NodeGone(Incarnation Node, bool MayReturn) : PortMessage;

    /// <summary>A node that might have come back has not: nobody waits for what it has any more.</summary>
    internal sealed record GivenUp(Incarnation Node) : PortMessage;

    /// <summary>All that others sent before a moment has been handed over, in front of this.</summary>
    /// <param name="UntilAt">By the loops' clock: how long that makes the bus fresh. 0: it is not.</param>
    internal sealed record Fresh(long UntilAt) : PortMessage;
}
