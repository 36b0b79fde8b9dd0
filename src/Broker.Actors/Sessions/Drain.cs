using Broker.Actors.Loops;
using Broker.Actors.Rooms;

namespace Broker.Actors.Sessions;

/// <summary>
/// Asks a node's sessions to leave, spread over a while, so that the nodes they go to are not met by all of them at once. Sessions that
/// come later are not asked.
/// </summary>
/// <param name="rosters">Of the node's loops.</param>
/// <param name="reason">What they are told.</param>
/// <param name="time">What the pauses are taken from.</param>
internal sealed class Drain(IReadOnlyList<LoopRoster> rosters, Disconnect reason, TimeProvider time)
{
    /// <summary>Sessions asked in a second, at least: nobody gains when a few are spread over long.</summary>
    public const int LeastPerSecond = 100;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly Queue<SessionActor>[] _toAsk = [.. rosters.Select(_ => new Queue<SessionActor>())];

    private int Left => _toAsk.Sum(queue => queue.Count);

    /// <summary>Returns when all have been asked; within <paramref name="window"/>, as far as the loops are not busy.</summary>
    public async Task RunAsync(TimeSpan window, CancellationToken cancellationToken)
    {
        await OnEachLoopAsync(n => _toAsk[n] = new Queue<SessionActor>(rosters[n].Sessions));
        var steps = Math.Max(1, Math.Min(window / Step, Left / (LeastPerSecond * Step.TotalSeconds)));
        var quotas = _toAsk.Select(queue => (int)Math.Ceiling(queue.Count / steps)).ToArray();
        while (Left > 0)
        {
            await OnEachLoopAsync(n => Ask(_toAsk[n], quotas[n]));
            if (Left > 0)
            {
                await Task.Delay(Step, time, cancellationToken);
            }
        }
    }

    private void Ask(Queue<SessionActor> sessions, int count)
    {
        for (; count > 0 && sessions.TryDequeue(out var session); count--)
        {
            session.Leave(reason);
        }
    }

    private Task OnEachLoopAsync(Action<int> act) =>
        Task.WhenAll(rosters.Select((roster, n) => LoopCall.RunAsync(roster.Loop, () => act(n))));
}
