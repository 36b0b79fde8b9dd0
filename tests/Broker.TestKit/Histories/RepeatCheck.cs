namespace Broker.TestKit.Histories;

/// <summary>I6: one emit has one place, however often it was sent.</summary>
internal sealed class RepeatCheck : IHistoryCheck
{
    public void Check(HistoryIndex history, List<Violation> violations)
    {
        foreach (var run in history.Runs)
        {
            foreach (var twice in run.Received.GroupBy(record => record.Event, StringComparer.Ordinal).Where(group => group.Count() > 1))
            {
                if (MayBeTwice(history, run.Channel, [.. twice]))
                {
                    continue;
                }

                violations.Add(new Violation(Invariant.Once, $"{run.Client} got {twice.Key} of {run.Channel} more than once", [.. twice]));
            }
        }

        foreach (var listed in history.Records.OfType<HistoryRecord.WindowListed>())
        {
            if (listed.Events.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            {
                violations.Add(new Violation(Invariant.Once, $"{listed.Channel} has {twice.Key} more than once", [listed]));
            }
        }

        foreach (var emit in history.Emits.Values)
        {
            CheckAnswers(history, emit, violations);
        }
    }

    /// <summary>Keys live with their window: a repeat may be taken once more by another owner where it is short, or there is none.</summary>
    private static bool MayBeTwice(HistoryIndex history, string channel, IReadOnlyList<HistoryRecord.Received> received) =>
        history.ClassOf(channel) != ChannelClass.History
        && history.Emits.TryGetValue((channel, received[0].Event), out var emit) && emit.Attempts.Count >= received.Count
        && received.Select(record => record.At.Epoch.Term).Distinct().Count() == received.Count;

    private static void CheckAnswers(HistoryIndex history, EmitStory emit, List<Violation> violations)
    {
        if (emit.Acknowledged.Count < 2)
        {
            return;
        }

        var first = emit.Acknowledged[0];
        var promised = history.Rules.Has(Promises.KeysOutliveAnOwner) && history.ClassOf(emit.Channel) == ChannelClass.History
            && !history.WereAllHoldersLostAfter(emit.Channel, emit.AcknowledgedIndex);
        if (emit.Acknowledged.Find(other => other.At != first.At && (promised || other.At.Epoch == first.At.Epoch)) is { } another)
        {
            violations.Add(new Violation(Invariant.Once, $"{emit.Event} was acknowledged at two places", [first, another]));
        }
    }
}
