using System.Collections.Concurrent;
using System.Globalization;
using Broker.TestKit.Simulation;

namespace Broker.Actors.Tests.Simulation;

/// <summary>
/// The seeds that a test runs: a fixed range, or what <c>BROKER_SIMULATION_SEEDS=from..to</c> says. With
/// <c>BROKER_SIMULATION_TRACE=file</c> all that happens with the first of them is written down.
/// </summary>
internal static class SimulationSeeds
{
    private const string Range = "BROKER_SIMULATION_SEEDS";
    private const string Trace = "BROKER_SIMULATION_TRACE";

    /// <summary>True when somebody asked for seeds of their own.</summary>
    public static bool AreChosen => Environment.GetEnvironmentVariable(Range) is { Length: > 0 };

    /// <summary>Runs seeds on all cores, and gives those that break something, in their order.</summary>
    public static SimulationResult[] Failing(int from, int to, ScheduleKind kind, SimulationOptions options)
    {
        if (Environment.GetEnvironmentVariable(Range) is { Length: > 0 } range)
        {
            var bounds = range.Split("..");
            (from, to) = (Number(bounds[0]), Number(bounds[^1]));
        }

        var file = Environment.GetEnvironmentVariable(Trace);
        var failing = new ConcurrentBag<SimulationResult>();
        Parallel.For(from, to + 1, seed =>
        {
            var isTraced = file is { Length: > 0 } && seed == from;
            var result = SimulationRun.Of(seed, kind, options with { KeepsTrace = isTraced });
            if (isTraced)
            {
                File.WriteAllLines(file!, result.Trace);
            }

            if (result.Violations.Count > 0)
            {
                failing.Add(result);
            }
        });
        return [.. failing.OrderBy(result => result.Seed)];
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
