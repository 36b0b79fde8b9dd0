namespace Broker.TestKit.Simulation;

/// <summary>
/// What befalls a cluster: drawn from the seed, a rolling restart of all its nodes, or an outage of what they need. Faults begin when nodes have found
/// each other, and are over at <see cref="EndMs"/>.
/// </summary>
internal sealed class FaultSchedule(SimulatedCluster cluster, Workload workload, int nodes)
{
    private const long BeginMs = 2_500;
    private const long SpanMs = 7_000;

    private readonly List<Fault> _faults = [];

    public IReadOnlyList<Fault> Faults => _faults;

    public long EndMs { get; private set; } = BeginMs;

    /// <summary>True: some events are large.</summary>
    public bool Pads { get; private set; }

    private Agenda Agenda => cluster.Agenda;

    /// <summary>A few faults of any kind, one after the other or at once.</summary>
    public void Draw()
    {
        for (var count = Agenda.Random.Next(1, 5); count > 0; count--)
        {
            DrawOne(BeginMs + (Agenda.Draw(0, SpanMs) / Agenda.Ms));
        }
    }

    /// <summary>Each node leaves in its turn and is started again.</summary>
    public void RollingRestart()
    {
        var atMs = BeginMs;
        for (var slot = 0; slot < nodes; slot++)
        {
            var leaving = slot;
            Add(atMs, $"n{slot} leaves", () => cluster.Leave(leaving));
            atMs += 1_500 + (Agenda.Draw(0, 1_000) / Agenda.Ms);
            Add(atMs, $"n{slot} starts again", () => cluster.Start(leaving));
            atMs += 3_500 + (Agenda.Draw(0, 1_000) / Agenda.Ms);
        }

        EndMs = atMs;
    }

    /// <summary>
    /// The bus and the authority are restarted under all nodes: each loses both, and has them again before the others or after
    /// them. One node may be killed meanwhile.
    /// </summary>
    public void Outage()
    {
        var atMs = BeginMs + Length(0, 2_000);
        var forMs = Agenda.Chance(0.7) ? Length(100, 3_000) : Length(3_000, 12_000);
        for (var slot = 0; slot < nodes; slot++)
        {
            var cut = slot;
            var backMs = forMs + Length(0, 2_500);
            Between(
                atMs + Length(0, 100),
                backMs,
                $"n{slot} is thrown out by the bus and the authority",
                () => cluster.ThrowOut(cut),
                () => { cluster.ReachBus(cut); cluster.ReachAuthority(cut); });
        }

        if (Agenda.Chance(0.4))
        {
            Crash(atMs + Length(0, forMs + 2_000), Agenda.Random.Next(nodes));
        }
    }

    private void DrawOne(long atMs)
    {
        var slot = Agenda.Random.Next(nodes);
        var other = (slot + 1 + Agenda.Random.Next(nodes - 1)) % nodes;
        switch (Agenda.Random.Next(17))
        {
            case 0 or 1 or 2: Crash(atMs, slot); break;
            case 3: Freeze(atMs, slot, Length(100, 3_000)); break;
            case 4: Freeze(atMs, slot, Length(5_500, 9_000)); break;
            case 5: Between(atMs, Length(100, 6_000), $"n{slot} and n{other} are cut", () => { cluster.Cut(slot, other); cluster.Cut(other, slot); }, () => { cluster.Heal(slot, other); cluster.Heal(other, slot); }); break;
            case 6: Between(atMs, Length(100, 6_000), $"n{slot} is cut to n{other}", () => cluster.Cut(slot, other), () => cluster.Heal(slot, other)); break;
            case 7: Add(atMs, $"n{slot}'s connection breaks", () => cluster.Break(slot)); break;
            case 8: Between(atMs, Length(300, 7_000), $"n{slot} is cut from the bus", () => cluster.CutFromBus(slot), () => cluster.ReachBus(slot)); break;
            case 9: HalfOpen(atMs, slot, Agenda.Chance(0.5)); break;
            case 10: Between(atMs, Length(300, 8_000), $"n{slot} is cut from the authority", () => cluster.CutAuthority(slot), () => cluster.ReachAuthority(slot)); break;
            case 11: CutFromBoth(atMs, slot); break;
            case 12: Between(atMs, Length(300, 7_000), "the authority is away", cluster.StopAuthority, cluster.StartAuthority); break;
            case 13: Between(atMs, Length(300, 4_000), "the bus is away", cluster.StopBus, cluster.StartBus); break;
            case 14: Leave(atMs, slot); break;
            case 15: Overflow(atMs, slot, other); break;
            default: Small(atMs, slot); break;
        }
    }

    private void Crash(long atMs, int slot)
    {
        Add(atMs, $"n{slot} is killed", () => cluster.Kill(slot));
        if (Agenda.Chance(0.7))
        {
            Add(atMs + Length(100, 4_000), $"n{slot} starts again", () => cluster.Start(slot));
        }
    }

    private void Freeze(long atMs, int slot, long forMs)
    {
        var machine = Agenda.Chance(0.4);
        Between(atMs, forMs, $"n{slot} stands still{(machine ? " with its machine" : "")}", () => cluster.Freeze(slot, machine), () => cluster.Thaw(slot));
    }

    private void HalfOpen(long atMs, int slot, bool mute)
    {
        Add(atMs, $"n{slot}'s connection is half open, {(mute ? "nothing gets out" : "nothing gets in")}", () => cluster.HalfOpen(slot, mute));
        EndMs = Math.Max(EndMs, atMs + 6_100);
    }

    private void CutFromBoth(long atMs, int slot) => Between(
        atMs,
        Length(500, 8_000),
        $"n{slot} is cut from the bus and the authority",
        () => { cluster.CutFromBus(slot); cluster.CutAuthority(slot); },
        () => { cluster.ReachBus(slot); cluster.ReachAuthority(slot); });

    private void Leave(long atMs, int slot)
    {
        Add(atMs, $"n{slot} leaves", () => cluster.Leave(slot));
        Add(atMs + Length(1_500, 4_000), $"n{slot} starts again", () => cluster.Start(slot));
    }

    /// <summary>More is emitted than the links to a node that takes nothing may keep.</summary>
    private void Overflow(long atMs, int slot, int other)
    {
        Pads = true;
        Between(
            atMs,
            Length(1_000, 3_000),
            $"the link from n{slot} to n{other} overflows",
            () =>
            {
                cluster.Cut(slot, other);
                Pad(4_000);
            },
            () =>
            {
                cluster.Heal(slot, other);
                Pad(0);
            });
    }

    private void Small(long atMs, int slot)
    {
        switch (Agenda.Random.Next(4))
        {
            case 0: Add(atMs, $"n{slot}'s clock runs fast", () => cluster.Drift(slot, 5_000)); break;
            case 1: Add(atMs, $"n{slot}'s clock runs slow", () => cluster.Drift(slot, -5_000)); break;
            case 2: Add(atMs, $"n{slot}'s wall clock is set", () => cluster.SetWallClock(slot, new TimeSpan(Agenda.Draw(-5_000, 5_000)))); break;
            default: Add(atMs, "answers are lost for a while", () => cluster.MakeFlaky(3_000 * Agenda.Ms)); break;
        }

        EndMs = Math.Max(EndMs, atMs + 3_000);
    }

    private void Pad(int bytes)
    {
        foreach (var writer in workload.Writers)
        {
            writer.Padding = bytes;
        }
    }

    private void Between(long atMs, long forMs, string what, Action begin, Action end)
    {
        Add(atMs, what, begin);
        Add(atMs + forMs, $"no more: {what}", end);
    }

    private void Add(long atMs, string what, Action action)
    {
        _faults.Add(new Fault(atMs, what, action));
        EndMs = Math.Max(EndMs, atMs + 1);
    }

    private long Length(double fromMs, double toMs) => Agenda.Draw(fromMs, toMs) / Agenda.Ms;
}
