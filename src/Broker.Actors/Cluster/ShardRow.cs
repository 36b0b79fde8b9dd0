using Broker.Messages;

namespace Broker.Actors.Cluster;

/// <summary>What the authority knows of one shard.</summary>
/// <param name="Owner">Null when nobody owns it.</param>
/// <param name="Term">Raised with every claim; 0 before the first.</param>
/// <param name="Holders">Who must hold an event before it is acknowledged, as the last owner that was in place wrote it.</param>
public sealed record ShardRow(ShardId Shard, Incarnation? Owner, long Term, IReadOnlyList<Incarnation> Holders);
