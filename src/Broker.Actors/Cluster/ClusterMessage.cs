using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Cluster;

/// <summary>What is told to the actor that keeps the node's membership.</summary>
internal abstract record ClusterMessage
{
    private ClusterMessage()
    {
    }

    internal sealed record Start : ClusterMessage;

    internal sealed record Connected(BusAddress Self) : ClusterMessage;

    internal sealed record Disconnected : ClusterMessage;

    internal sealed record News(Incarnation From, NodeNews What) : ClusterMessage;

    /// <summary>The bus says that nobody listens where a node was.</summary>
    internal sealed record Unreachable(Incarnation Node) : ClusterMessage;

    internal sealed record Renewed(Answer<Renewal> Answer) : ClusterMessage;

    internal sealed record Read(Answer<ShardRow[]> Answer) : ClusterMessage;

    internal sealed record Claimed(Answer<ShardRow[]> Answer) : ClusterMessage;

    internal sealed record LockSeen(Incarnation Node, BusAddress? Queue, Answer<bool> Answer) : ClusterMessage;

    /// <summary>An item of a higher term than the directory knows has come.</summary>
    internal sealed record Reread : ClusterMessage;

    internal sealed record Leave(TaskCompletionSource Done) : ClusterMessage;

    internal sealed record Left(TaskCompletionSource Done) : ClusterMessage;

    /// <summary>An operator, or a probe, asks what this node sees.</summary>
    internal sealed record Look(TaskCompletionSource<ClusterView> Done) : ClusterMessage;

    /// <summary>An operator asks for a node to leave: this one or another.</summary>
    internal sealed record AskToLeave(Incarnation Node, TaskCompletionSource<OrderOutcome> Done) : ClusterMessage;

    /// <summary>An operator says that a node is dead.</summary>
    internal sealed record Forget(Incarnation Node, TaskCompletionSource<OrderOutcome> Done) : ClusterMessage;

    internal sealed record ForgetSeen(LockSeen Seen, TaskCompletionSource<OrderOutcome> Done) : ClusterMessage;

    /// <summary>An operator wants a shard of this node to be another's.</summary>
    internal sealed record Move(ShardId Shard, Incarnation To, TaskCompletionSource<OrderOutcome> Done) : ClusterMessage;
}
