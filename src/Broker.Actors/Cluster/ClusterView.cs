using Broker.Messages;

namespace Broker.Actors.Cluster;

/// <summary>The cluster at one moment, as one node sees it.</summary>
/// <param name="Self">Whose view it is.</param>
/// <param name="State">Of this node.</param>
/// <param name="IsBusOk">This node's bus is fresh.</param>
/// <param name="LeaseLeft">How long this node's lease runs on if it is not renewed; zero when it has ended.</param>
/// <param name="Live">The nodes whose leases run, this one among them once it has joined.</param>
/// <param name="Shards">By number; empty until this node has read them.</param>
public sealed record ClusterView(
    Incarnation Self, NodeState State, bool IsBusOk, TimeSpan LeaseLeft, IReadOnlyList<NodeRow> Live, IReadOnlyList<ShardRow> Shards);
