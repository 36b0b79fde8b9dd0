namespace Broker.Actors.Cluster;

/// <summary>Where a node is in its life.</summary>
public enum NodeState : byte
{
    /// <summary>It knows the directory, and owns nothing yet.</summary>
    Joining,

    Up,

    /// <summary>It takes no new sessions and no shards.</summary>
    Leaving,
}
