using Broker.Messages;

namespace Broker.Actors.Cluster;

/// <summary>A wish to take shards.</summary>
/// <param name="AsRead">Their rows; one that has changed since is not taken.</param>
/// <param name="Grounds">One for each old owner among them that has not released its shards.</param>
public sealed record Claim(Incarnation Claimant, IReadOnlyList<ShardRow> AsRead, IReadOnlyList<ClaimGround> Grounds);
