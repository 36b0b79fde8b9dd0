using Broker.Messages;

namespace Broker.Actors.Cluster;

/// <summary>What a loop's port is told by the node's links and its membership.</summary>
internal abstract record PortMessage
{
    private PortMessage()
    {
    }

    /// <summary>Items for this loop's shards, as ranges of a batch that nobody changes.</summary>
    internal sealed record Arrived(Incarnation From, byte[] Batch, IReadOnlyList<Range> Items) : PortMessage;

    /// <summary>Items get through to a node, or do not.</summary>
    internal sealed record LinkChanged(Incarnation Peer, bool IsUp, LinkGauge Gauge) : PortMessage;

    /// <summary>What was sent to a node, or by it, may be lost: begin anew with it.</summary>
    internal sealed record Resync(Incarnation Peer) : PortMessage;

    /// <param name="Live">Live nodes with this one.</param>
    internal sealed record Owners(IReadOnlyList<ShardRow> Changed, IReadOnlyList<Incarnation> Live) : PortMessage;

    internal sealed record NodeGone(Incarnation Node) : PortMessage;
}
