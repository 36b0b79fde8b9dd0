using Broker.Actors.Cluster;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors;

/// <summary>What operators ask and order of a node's cluster; from any thread.</summary>
public sealed partial class LocalNode
{
    /// <summary>What this node sees of the cluster now. Never answers while its cluster loop is stuck.</summary>
    public Task<ClusterView> LookAsync() => _isAlone
        ? Task.FromResult(ViewOfItself())
        : AskAsync<ClusterView>(done => new ClusterMessage.Look(done));

    /// <summary>Asks a node to leave in good order; done when it has been told.</summary>
    public Task<OrderOutcome> AskToLeaveAsync(Incarnation node) => OrderAsync(done => new ClusterMessage.AskToLeave(node, done));

    /// <summary>Has a node that has died, and whose lease still runs, taken for dead at once.</summary>
    public Task<OrderOutcome> ForgetAsync(Incarnation node) => OrderAsync(done => new ClusterMessage.Forget(node, done));

    /// <summary>Gives a shard of this node to another one; done when that owns it.</summary>
    public Task<OrderOutcome> MoveAsync(ShardId shard, Incarnation to) => OrderAsync(done => new ClusterMessage.Move(shard, to, done));

    private Task<OrderOutcome> OrderAsync(Func<TaskCompletionSource<OrderOutcome>, ClusterMessage> order) =>
        _isAlone ? Task.FromResult(OrderOutcome.Alone) : AskAsync(order);

    private Task<TAnswer> AskAsync<TAnswer>(Func<TaskCompletionSource<TAnswer>, ClusterMessage> question)
    {
        var done = new TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        Cluster.Tell(question(done));
        return done.Task;
    }

    private ClusterView ViewOfItself() => new(
        Self,
        NodeState.Up,
        IsBusOk: true,
        Timeout.InfiniteTimeSpan,
        [new NodeRow(Self, "", "", Queue: null, NodeItemCodec.Version, NodeState.Up, IsBusOk: true)],
        [.. Shards.All.Select(shard => new ShardRow(shard.Id, Self, shard.Term, [Self]))]);
}
