namespace Broker.TestKit.Histories;

/// <summary>A promise that a history breaks.</summary>
/// <param name="What">For people: what was promised, and what came instead.</param>
/// <param name="Records">The records that show it.</param>
public sealed record Violation(Invariant Invariant, string What, IReadOnlyList<HistoryRecord> Records)
{
    public override string ToString() =>
        $"I{(int)Invariant} {Invariant}: {What}{string.Concat(Records.Select(record => $"\n    {record}"))}";
}
