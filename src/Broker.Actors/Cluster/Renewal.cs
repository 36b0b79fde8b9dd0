using Broker.Messages;

namespace Broker.Actors.Cluster;

/// <summary>What a node learns when it renews its lease.</summary>
/// <param name="Live">The nodes whose leases run, this one among them.</param>
/// <param name="DirectoryVersion">Grows with every change of a shard's row.</param>
/// <param name="Own">The shards that this node owns.</param>
/// <param name="LeftMs">Milliseconds that each live node's lease ran yet, by the authority's clock, when this was read.</param>
public sealed record Renewal(
    IReadOnlyList<NodeRow> Live, long DirectoryVersion, IReadOnlyList<ShardTerm> Own, IReadOnlyDictionary<Incarnation, long> LeftMs);
