namespace Broker.TestKit.Histories;

/// <summary>I10: no buffer held more than it may.</summary>
internal sealed class BoundCheck : IHistoryCheck
{
    public void Check(HistoryIndex history, List<Violation> violations) =>
        violations.AddRange(history.Records.OfType<HistoryRecord.Measured>()
            .Where(measured => measured.Held > measured.Bound)
            .Select(measured => new Violation(Invariant.Bounded, $"{measured.Buffer} of {measured.Node} is over its bound", [measured])));
}
