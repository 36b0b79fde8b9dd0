namespace Broker.Actors.Cluster;

/// <summary>What became of an operator's order.</summary>
public enum OrderOutcome
{
    /// <summary>It was carried out, or is under way.</summary>
    Done,

    UnknownNode,

    UnknownShard,

    /// <summary>The node holds its lock yet: it lives, or is frozen. Its shards are taken when its lease ends, not before.</summary>
    StillAlive,

    /// <summary>Another node owns the shard: it alone can give it away.</summary>
    NotOwner,

    /// <summary>The node takes no shards: it is joining, or leaving.</summary>
    NotUp,

    /// <summary>The authority did not answer; nothing was done.</summary>
    NoAuthority,

    /// <summary>The receiver did not take the shard; this node owns it again, or somebody does soon.</summary>
    NotTaken,

    /// <summary>The node is no cluster's.</summary>
    Alone,
}
