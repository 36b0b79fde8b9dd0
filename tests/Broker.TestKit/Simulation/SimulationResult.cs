using Broker.TestKit.Histories;

namespace Broker.TestKit.Simulation;

/// <summary>What came of a seed.</summary>
/// <param name="Schedule">The faults, for people.</param>
/// <param name="Trace">All that happened, in words; empty where it was not kept.</param>
/// <param name="Happened">How many things happened.</param>
public sealed record SimulationResult(
    int Seed,
    ScheduleKind Kind,
    IReadOnlyList<string> Schedule,
    IReadOnlyList<HistoryRecord> History,
    IReadOnlyList<Violation> Violations,
    IReadOnlyList<string> Trace,
    long Happened)
{
    /// <summary>The seed, its schedule and the first violations.</summary>
    public override string ToString() => string.Join('\n',
    [
        $"Seed {Seed} ({Kind}) breaks {Violations.Count} promises. It does:",
        .. Schedule,
        .. Violations.Take(12).Select(violation => violation.ToString()),
        $"Again, with all that happened: BROKER_SIMULATION_SEEDS={Seed}..{Seed} BROKER_SIMULATION_TRACE=FILE tests/Broker.Actors.Tests/bin/Debug/net10.0/Broker.Actors.Tests --filter-class '*SimulationTests'",
    ]);
}
