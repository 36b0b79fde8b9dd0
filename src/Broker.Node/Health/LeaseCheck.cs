namespace Broker.Node.Health;

/// <summary>The node's lease runs, and it is not leaving. Holds on a node alone.</summary>
internal sealed class LeaseCheck(ClusterWatch cluster) : IReadinessCheck
{
    public string Name => "lease";

    public async ValueTask<string?> FailureAsync() => await cluster.LookAsync() switch
    {
        null => "The node's cluster loop does not answer.",
        { State: Actors.Cluster.NodeState.Leaving } => "The node is leaving the cluster.",
        { LeaseLeft: var left } when left == TimeSpan.Zero => "The node's lease has not been renewed.",
        _ => null,
    };
}
