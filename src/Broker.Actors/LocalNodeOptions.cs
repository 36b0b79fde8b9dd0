using Broker.Actors.Cluster;
using Broker.Actors.Loops;
using Broker.Actors.Sessions;
using Broker.Actors.Shards;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors;

/// <summary>What the actors of a node are made with, as values.</summary>
public sealed record LocalNodeOptions
{
    /// <summary>Loops; 0 for one per core, 8 at most.</summary>
    public int Loops { get; init; }

    public int Shards { get; init; } = ShardId.DefaultCount;

    /// <summary>Bytes that the windows of all channels may hold together.</summary>
    public long HistoryMemory { get; init; } = 256 << 20;

    /// <summary>Bytes that may wait for all clients together.</summary>
    public long OutboxMemory { get; init; } = 256 << 20;

    /// <summary>Bytes that may wait for one client.</summary>
    public int OutboxBytes { get; init; } = 1 << 20;

    public SessionLimits Sessions { get; init; } = new();

    /// <summary>Sessions of each app.</summary>
    public AppPlaces Apps { get; init; } = AppPlaces.Unlimited;

    public ShardOptions Shard { get; init; } = new();

    /// <summary>The bus and the authority that join this node to others; null for a node alone.</summary>
    public ClusterOptions? Cluster { get; init; }

    /// <summary>Makes what a loop waits in; events where it is left out.</summary>
    public Func<int, ILoopPoller> Poller { get; init; } = _ => new EventPoller();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>This life of the node; null for a new one. A simulation names its nodes, so that a seed gives the same ones again.</summary>
    internal Incarnation? Self { get; init; }

    /// <summary>What the node draws from, on any of its loops; the process's own, which is safe there, except in a simulation.</summary>
    internal Random Random { get; init; } = Random.Shared;

    /// <summary>Makes the keys that members are hashed under: such that nobody can foretell, except in a simulation.</summary>
    internal Func<DigestKey> NewDigestKey { get; init; } = DigestKey.New;
}
