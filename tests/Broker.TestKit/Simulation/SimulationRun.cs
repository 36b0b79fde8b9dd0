using Broker.TestKit.Histories;

namespace Broker.TestKit.Simulation;

/// <summary>
/// One schedule over one cluster, from its seed: nodes find each other, clients use them, things break, are whole again,
/// and at the end everything must be. The same seed gives the same history.
/// </summary>
public static class SimulationRun
{
    private const long RestMs = 700;
    private const long FinishMs = RestMs + 5_500;
    private const long EmitMs = RestMs + 6_100;
    private const long AskMs = EmitMs + 1_100;
    private const long EndMs = AskMs + 500;

    public static SimulationResult Of(int seed, ScheduleKind kind = ScheduleKind.Faults, SimulationOptions? options = null)
    {
        options ??= new SimulationOptions();
        var before = SynchronizationContext.Current;
        try
        {
            SynchronizationContext.SetSynchronizationContext(null);
            return Run(new Agenda(seed) { KeepsTrace = options.KeepsTrace }, kind, options);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private static SimulationResult Run(Agenda agenda, ScheduleKind kind, SimulationOptions options)
    {
        var nodes = agenda.Chance(0.75) ? 3 : agenda.Random.Next(2, 5);
        var isTight = agenda.Chance(0.3);
        var joins = kind == ScheduleKind.Faults && agenda.Chance(0.25);
        using var cluster = new SimulatedCluster(agenda, nodes + 1, isTight ? options with { LinkBytes = options.LinkBytes ?? (64 << 10) } : options);
        var workload = new Workload(cluster, meanMs: kind == ScheduleKind.RollingRestart ? 150 : 60);
        var schedule = new FaultSchedule(cluster, workload, nodes);
        switch (kind)
        {
            case ScheduleKind.RollingRestart: schedule.RollingRestart(); break;
            case ScheduleKind.Outage: schedule.Outage(); break;
            default: schedule.Draw(); break;
        }

        cluster.StartAll(nodes);
        agenda.After(agenda.Draw(100, 1_500), workload.Begin);
        foreach (var fault in schedule.Faults)
        {
            agenda.At(fault.AtMs * Agenda.Ms, () =>
            {
                agenda.Note("fault", fault.What);
                fault.Do();
            });
        }

        if (joins)
        {
            agenda.After(agenda.Draw(2_500, 8_000), () => cluster.Start(nodes));
        }

        At(0, cluster.HealAll);
        At(0, workload.Rest);
        At(RestMs, () => cluster.Record(new HistoryRecord.FaultsEnded(agenda.NowMs)));
        At(RestMs + 2_000, workload.Stay);
        At(FinishMs, workload.Finish);
        At(EmitMs, workload.EmitIntoAll);
        At(AskMs, workload.AskAll);
        agenda.RunTo((schedule.EndMs + EndMs) * Agenda.Ms);
        cluster.Record(new HistoryRecord.Ended(agenda.NowMs));
        var rules = new HistoryRules
        {
            ClassOf = SimulatedCluster.ClassOf,
            ShardOf = SimulatedCluster.ShardOf,
            Promises = options.Promises,
            WindowsAreCut = schedule.Pads,
        };
        return new SimulationResult(
            agenda.Seed, kind, [.. schedule.Faults.OrderBy(fault => fault.AtMs).Select(fault => fault.ToString())],
            cluster.History, HistoryChecker.Check(cluster.History, rules), agenda.Trace, agenda.Happened);

        void At(long afterEndMs, Action action) => agenda.At((schedule.EndMs + afterEndMs) * Agenda.Ms, action);
    }
}
