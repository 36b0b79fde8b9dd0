using Broker.Actors;

namespace Broker.Node.Health;

/// <summary>The node knows an owner for every shard: at once on a node alone, after it has joined in a cluster.</summary>
internal sealed class OwnersCheck(LocalNode node) : IReadinessCheck
{
    public string Name => "owners";

    public ValueTask<string?> FailureAsync() => new(node.Ready.IsCompletedSuccessfully ? null : "The node has not heard yet who owns its shards.");
}
