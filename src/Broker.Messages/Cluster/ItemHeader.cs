namespace Broker.Messages.Cluster;

/// <summary>What an item is about: fences what a node that was relieved still sends.</summary>
/// <param name="Shard">Null for what concerns no shard.</param>
/// <param name="Term">The highest term that the sender knows.</param>
public readonly record struct ItemHeader(ShardId? Shard, long Term);
