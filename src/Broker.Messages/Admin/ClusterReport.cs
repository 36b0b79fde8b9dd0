namespace Broker.Messages.Admin;

/// <summary>The cluster as one node sees it: <c>GET /admin/api/cluster</c>.</summary>
/// <param name="Node">Whose view it is: the id of the node that answered.</param>
/// <param name="IsCluster">False on a node that is alone.</param>
/// <param name="Shards">How many there are.</param>
/// <param name="UnownedShards">Those that no live node owns.</param>
public sealed record ClusterReport(string Node, bool IsCluster, int Shards, int UnownedShards, IReadOnlyList<ClusterNode> Nodes)
{
    /// <summary>Whether every node is up with a bus that works, and every shard has an owner.</summary>
    public bool IsHealthy => UnownedShards == 0 && Nodes.All(node => node is { State: ClusterNode.Up, BusOk: true });
}
