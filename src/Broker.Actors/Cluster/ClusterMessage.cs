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

    /// <summary>The bus has become fresh: what waited for that can be claimed.</summary>
    internal sealed record BecameFresh : ClusterMessage;

    /// <param name="SentAtMs">When the renewal was sent, in milliseconds of the loop.</param>
    /// <param name="SentAt">The same by the loops' clock.</param>
    /// <param name="Queue">As it was written.</param>
    internal sealed record Renewed(long SentAtMs, long SentAt, BusAddress? Queue, Answer<Renewal> Answer) : ClusterMessage;

    /// <summary>A node that was told to stop has been sent that, or is not there to be told.</summary>
    internal sealed record DeposeArrived(Incarnation Node) : ClusterMessage;

    /// <summary>Another node sees this one's lease ended.</summary>
    internal sealed record Deposed(Incarnation By) : ClusterMessage;

    /// <summary>An owner orders no more in a shard, and this node holds all of it.</summary>
    internal sealed record HandedOver(ShardTerm Shard, Incarnation From) : ClusterMessage;

    internal sealed record ClaimBack(ShardTerm Shard) : ClusterMessage;

    internal sealed record ClaimedBack(ShardTerm Shard, Answer<ShardRow[]> Answer) : ClusterMessage;

    internal sealed record WriteHolders(ShardTerm Shard, IReadOnlyList<Incarnation> Holders) : ClusterMessage;

    internal sealed record HoldersWritten(ShardTerm Shard, IReadOnlyList<Incarnation> Holders, Answer<bool> Answer) : ClusterMessage;

    /// <summary>A shard that was to move stays, for now.</summary>
    internal sealed record MoveEnded(ShardId Shard) : ClusterMessage;

    internal sealed record HandOverAll(TaskCompletionSource Done) : ClusterMessage;

    internal sealed record Read(Answer<ShardRow[]> Answer) : ClusterMessage;

    internal sealed record Claimed(Answer<ShardRow[]> Answer) : ClusterMessage;

    internal sealed record LockSeen(Incarnation Node, BusAddress? Queue, Answer<bool> Answer) : ClusterMessage;

    /// <summary>Whether a holder that is not in the directory has its lock.</summary>
    internal sealed record UnknownSeen(Incarnation Node, Answer<bool> Answer) : ClusterMessage;

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
