namespace Broker.Node.Health;

/// <summary>What the node sends over the bus arrives. Holds on a node alone.</summary>
internal sealed class BusCheck(ClusterWatch cluster) : IReadinessCheck
{
    public string Name => "bus";

    public async ValueTask<string?> FailureAsync() => await cluster.LookAsync() switch
    {
        null => "The node's cluster loop does not answer.",
        { IsBusOk: false } => "The bus between the nodes does not carry what this node sends.",
        _ => null,
    };
}
