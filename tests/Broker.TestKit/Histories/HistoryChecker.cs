namespace Broker.TestKit.Histories;

/// <summary>Says what a recorded history breaks of the cluster's promises. Pure: the same history gives the same answer.</summary>
public static class HistoryChecker
{
    private static readonly IHistoryCheck[] Checks =
    [
        new WholenessCheck(), new OrdererCheck(), new SameEventCheck(), new RunCheck(), new AcknowledgedCheck(), new OrderCheck(),
        new RepeatCheck(), new MembersCheck(), new FenceCheck(), new BoundCheck(),
    ];

    /// <returns>Nothing for a history that keeps every promise.</returns>
    public static IReadOnlyList<Violation> Check(IReadOnlyList<HistoryRecord> history, HistoryRules? rules = null)
    {
        var read = new HistoryIndex(history, rules ?? new HistoryRules());
        var violations = new List<Violation>();
        foreach (var check in Checks)
        {
            check.Check(read, violations);
        }

        return violations;
    }
}
