namespace Broker.Messages.Admin;

/// <summary>A shard and its owner: <c>GET /admin/api/cluster/shards</c>.</summary>
/// <param name="Shard">Its number.</param>
/// <param name="Owner">The owner's id; null when nobody owns it.</param>
/// <param name="Name">The owner's name; null when nobody knows it.</param>
/// <param name="Term">Grows with every change of owner.</param>
/// <param name="Holders">Ids of the nodes that hold its events.</param>
public sealed record ShardReport(int Shard, string? Owner, string? Name, long Term, IReadOnlyList<string> Holders);
