using Broker.Messages;

namespace Broker.Actors.Cluster;

/// <summary>A shard under one owner: a term has one.</summary>
public readonly record struct ShardTerm(ShardId Shard, long Term);
