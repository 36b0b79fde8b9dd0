using Broker.Actors.Cluster;
using Broker.Messages;

namespace Broker.TestKit.Simulation;

/// <summary>
/// A node's way to the authority: a question takes a while, and its answer another; either may be lost, so that what
/// became of it is in doubt. The rules behind are <see cref="MemoryAuthority"/>'s, by a clock of their own.
/// </summary>
internal sealed class SimulatedAuthority(SimulatedCluster cluster) : IAuthority
{
    public SimulatedNode Node { get; set; } = null!;

    private Agenda Agenda => cluster.Agenda;

    private bool IsReachable => !cluster.IsAuthorityAway && !cluster.CutFromAuthority.Contains(Node.Slot);

    public ValueTask<Answer<Renewal>> RenewAsync(NodeRow self, CancellationToken cancellationToken) =>
        AskAsync("renew", memory =>
        {
            var answer = memory.RenewAsync(self, cancellationToken);
            cluster.Registered(Node, self.Queue);
            return answer;
        });

    public ValueTask<Answer<ShardRow[]>> ReadAsync(CancellationToken cancellationToken) =>
        AskAsync("read", memory => memory.ReadAsync(cancellationToken));

    public ValueTask<Answer<ShardRow[]>> ClaimAsync(Claim claim, CancellationToken cancellationToken) =>
        AskAsync($"claim {string.Join(' ', claim.AsRead.Select(row => row.Shard))}", memory => memory.ClaimAsync(claim, cancellationToken));

    public ValueTask<Answer<bool>> SetHoldersAsync(ShardTerm shard, Incarnation[] holders, CancellationToken cancellationToken) =>
        AskAsync($"holders of {shard.Shard}", memory => memory.SetHoldersAsync(shard, holders, cancellationToken));

    public ValueTask<Answer<bool>> ReleaseAsync(ShardTerm[] shards, CancellationToken cancellationToken) =>
        AskAsync("release", memory => memory.ReleaseAsync(shards, cancellationToken));

    public ValueTask<Answer<bool>> IsLockFreeAsync(Incarnation other, CancellationToken cancellationToken) =>
        AskAsync("lock", memory => memory.IsLockFreeAsync(other, cancellationToken));

    public async ValueTask LeaveAsync(Incarnation self, CancellationToken cancellationToken) =>
        await AskAsync<bool>("leave", async memory =>
        {
            await memory.LeaveAsync(self, cancellationToken);
            return new Answer<bool>.Done(Value: true);
        });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask<Answer<T>> AskAsync<T>(string what, Func<MemoryAuthority, ValueTask<Answer<T>>> ask)
    {
        // Completed on the simulation's thread, in the node's turn: no continuation leaves it.
        var answer = new TaskCompletionSource<Answer<T>>();
        Agenda.Note(Node.Name, $"asks the authority: {what}");
        if (!IsReachable)
        {
            Tell(answer, "not reached", Agenda.Draw(1, Agenda.Chance(0.3) ? 1_500 : 50), new Answer<T>.Refused("not reached"));
            return await answer.Task;
        }

        Agenda.After(Agenda.DrawDelay(2), () =>
        {
            if (!IsReachable || cluster.LosesAnswers(Node))
            {
                Tell(answer, $"{what}: in doubt, not done", Agenda.Draw(200, 1_500), new Answer<T>.InDoubt("lost on its way"));
                return;
            }

            var done = AtOnce(ask(cluster.Authority));
            cluster.LookAtAuthority(Node);
            Agenda.After(Agenda.DrawDelay(2), () =>
            {
                if (!IsReachable || cluster.LosesAnswers(Node))
                {
                    Tell(answer, $"{what}: in doubt, done", Agenda.Draw(200, 1_500), new Answer<T>.InDoubt("lost on its way back"));
                }
                else
                {
                    Tell(answer, what, 0, done);
                }
            });
        });
        return await answer.Task;
    }

    /// <summary>The authority behind answers while it is asked.</summary>
    internal static T AtOnce<T>(ValueTask<T> answer) =>
#pragma warning disable VSTHRD002 // Nothing is waited for.
        answer.IsCompletedSuccessfully ? answer.GetAwaiter().GetResult() : throw new InvalidOperationException("It does not answer at once.");
#pragma warning restore VSTHRD002

    private void Tell<T>(TaskCompletionSource<Answer<T>> answer, string what, long ticks, Answer<T> told) => Node.Later(ticks, () =>
    {
        Agenda.Note(Node.Name, $"hears of the authority: {what}");
        answer.SetResult(told);
    });
}
