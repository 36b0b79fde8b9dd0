namespace Broker.Actors.Cluster;

/// <summary>What makes a node one of several.</summary>
/// <param name="Bus">Started and disposed by the node.</param>
/// <param name="Authority">Shared or the node's own view of it; not disposed by the node.</param>
public sealed record ClusterOptions(INodeBus Bus, IAuthority Authority)
{
    /// <summary>For people.</summary>
    public string Name { get; init; } = "node";

    /// <summary>Where clients connect to this node.</summary>
    public string Url { get; init; } = "";

    /// <summary>Called on a loop when an operator asks this node to leave: the process is to end in good order.</summary>
    public Action LeaveAsked { get; init; } = () => { };

    /// <summary>
    /// True where the bus is made of several servers, which can be cut from each other: then an owner needs its lease to order, and is
    /// relieved only when that has ended (cluster protocol, R1).
    /// </summary>
    public bool IsBusClustered { get; init; }

    internal LinkLimits Links { get; init; } = LinkLimits.Default;

    internal ProtocolRules Rules { get; init; } = ProtocolRules.All;
}
