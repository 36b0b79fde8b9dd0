using Broker.Messages;

namespace Broker.TestKit.Histories;

/// <summary>
/// I4: an acknowledged event is in every run that covers it, and in the window at the end; and no stream breaks while a
/// holder lives. Where that is not promised, a stream may have lost its beginning, the end of a term, or itself, but never what lies between
/// events that it kept.
/// </summary>
internal sealed class AcknowledgedCheck : IHistoryCheck
{
    public void Check(HistoryIndex history, List<Violation> violations)
    {
        var outlives = history.Rules.Has(Promises.AcknowledgedOutlivesACrash);
        var acknowledged = history.Emits.Values
            .Where(emit => emit.Acknowledged.Count > 0 && history.ClassOf(emit.Channel) == ChannelClass.History)
            .ToLookup(emit => emit.Channel, StringComparer.Ordinal);
        if (history.HasEnded)
        {
            foreach (var run in history.Runs.Where(run => run.End == RunEnd.Open))
            {
                CheckRun(history, run, acknowledged[run.Channel], outlives, violations);
            }
        }

        foreach (var listed in history.Records.OfType<HistoryRecord.WindowListed>().Where(listed => listed.AtMs >= history.FaultsEndedAtMs))
        {
            CheckWindow(history, listed, acknowledged[listed.Channel], outlives, violations);
        }

        if (outlives)
        {
            foreach (var run in history.Runs.Where(run => run.End == RunEnd.Broken))
            {
                CheckBreak(history, run, violations);
            }
        }
    }

    private static void CheckRun(HistoryIndex history, ReaderRun run, IEnumerable<EmitStory> acknowledged, bool outlives, List<Violation> violations)
    {
        var received = run.Received.Select(record => record.Event).ToHashSet(StringComparer.Ordinal);
        foreach (var emit in acknowledged)
        {
            if (received.Contains(emit.Event) || emit.FirstIndex < run.StartIndex || history.WereAllHoldersLostAfter(run.Channel, emit.AcknowledgedIndex))
            {
                continue;
            }

            if (outlives || IsBetween(emit, run.Received.Select(record => record.At)))
            {
                violations.Add(new Violation(
                    run.Recovery is null ? Invariant.AcknowledgedStays : Invariant.RecoveredIsComplete,
                    $"{run.Client} followed {run.Channel} from {run.Start.Offset} to {run.Last.Offset} without a break and never got {emit.Event}",
                    [emit.Acknowledged[0], .. run.Recovery is { } recovery ? [recovery] : Array.Empty<HistoryRecord>()]));
            }
        }
    }

    private static void CheckWindow(
        HistoryIndex history, HistoryRecord.WindowListed listed, IEnumerable<EmitStory> acknowledged, bool outlives, List<Violation> violations)
    {
        var events = listed.Events.ToHashSet(StringComparer.Ordinal);
        foreach (var emit in acknowledged)
        {
            if (history.Rules.WindowsAreCut && (listed.Positions.Count == 0 || emit.Acknowledged[0].At.Offset < listed.Positions[0].Offset))
            {
                continue;
            }

            var isDue = emit.Acknowledged[0].AtMs < listed.AtMs && (outlives || IsBetween(emit, listed.Positions));
            if (isDue && !events.Contains(emit.Event) && !history.WereAllHoldersLostAfter(listed.Channel, emit.AcknowledgedIndex))
            {
                violations.Add(new Violation(
                    Invariant.AcknowledgedStays, $"{emit.Event} was acknowledged, and {listed.Channel} has it no more", [emit.Acknowledged[0], listed]));
            }
        }
    }

    /// <summary>True when a place before the event's own and one behind it, in its term, are there.</summary>
    private static bool IsBetween(EmitStory emit, IEnumerable<Position> places)
    {
        var at = emit.Acknowledged[0].At;
        var ofTerm = places.Where(place => place.Epoch == at.Epoch).ToArray();
        return Array.Exists(ofTerm, place => place.Offset < at.Offset) && Array.Exists(ofTerm, place => place.Offset > at.Offset);
    }

    /// <summary>Who stood at an event that was never acknowledged may be told of a break: it went down with its owner.</summary>
    private static void CheckBreak(HistoryIndex history, ReaderRun run, List<Violation> violations)
    {
        if (history.ClassOf(run.Channel) == ChannelClass.History && !history.Rules.WindowsAreCut
            && !history.WereAllHoldersLostBefore(run.Channel, run.EndIndex)
            && history.AcknowledgedAt(run.Channel, run.Last) is { } last)
        {
            violations.Add(new Violation(
                Invariant.AcknowledgedStays, $"{run.Client} stood at an acknowledged event of {run.Channel} and was told of a break", [last.Acknowledged[0], run.Break!]));
        }
    }
}
