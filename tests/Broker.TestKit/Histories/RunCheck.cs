namespace Broker.TestKit.Histories;

/// <summary>I3 and I7, as found while runs were read; and that who stayed to the end has everything.</summary>
internal sealed class RunCheck : IHistoryCheck
{
    public void Check(HistoryIndex history, List<Violation> violations)
    {
        violations.AddRange(history.RunViolations);
        if (!history.HasEnded || history.FaultsEndedAtMs is not { } endedAtMs)
        {
            return;
        }

        var last = new Dictionary<string, HistoryRecord.Acknowledged>(StringComparer.Ordinal);
        foreach (var acknowledged in history.Records.OfType<HistoryRecord.Acknowledged>().Where(record => record.AtMs >= endedAtMs))
        {
            if (!last.TryGetValue(acknowledged.Channel, out var known) || known.At.Epoch.Life != acknowledged.At.Epoch.Life || known.At.Offset < acknowledged.At.Offset)
            {
                last[acknowledged.Channel] = acknowledged;
            }
        }

        foreach (var run in history.Runs.Where(run => run.End == RunEnd.Open))
        {
            if (last.TryGetValue(run.Channel, out var newest) && (run.Last.Epoch.Life != newest.At.Epoch.Life || run.Last.Offset < newest.At.Offset))
            {
                violations.Add(new Violation(
                    Invariant.NoSilentGap,
                    $"{run.Client} stayed in {run.Channel} to the end and stands at {run.Last.Epoch}@{run.Last.Offset}",
                    [newest, .. run.Received.TakeLast(1)]));
            }
        }
    }
}
