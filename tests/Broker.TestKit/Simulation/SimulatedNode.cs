using Broker.Actors;
using Broker.Actors.Loops;
using Broker.Messages;
using Broker.TestKit.Histories;

namespace Broker.TestKit.Simulation;

/// <summary>
/// One life of a whole node on the agenda: its loops have their turns there, one tick at a time and in any order; what
/// comes from outside waits while it stands still, and is lost when it is gone.
/// </summary>
public sealed class SimulatedNode : IDisposable
{
    private readonly SimulatedCluster _cluster;
    private readonly SimulatedContext _context;
    private readonly Queue<Action> _waiting = [];
    private readonly long[] _dueAt;
    private readonly (Incarnation? Owner, long Term, bool IsOwner)[] _shards;
    private readonly long _linkBytes;
    private readonly long _mailboxEmits;
    private long _mostLinkBytes;
    private long _mostMailboxEmits;
    private bool _isPumping;

    internal SimulatedNode(SimulatedCluster cluster, int slot, string name, LocalNodeOptions options, SimulatedClock clock, SimulatedBus bus)
    {
        _cluster = cluster;
        Slot = slot;
        Name = name;
        Clock = clock;
        Bus = bus;
        _context = new SimulatedContext(this);
        Dialect = new HistoryDialect(cluster, this);
        Node = new LocalNode(options, cluster.Namespaces, new FaultLog(cluster, name));
        _dueAt = [.. Enumerable.Repeat(long.MaxValue, Node.AllLoops.Count)];
        _shards = new (Incarnation?, long, bool)[options.Shards];
        _linkBytes = options.Cluster!.Links.BufferBytes;
        _mailboxEmits = options.Shard.MailboxEmits;
    }

    public LocalNode Node { get; }

    /// <summary>The machine it runs on; a later life has the same.</summary>
    public int Slot { get; }

    /// <summary>The machine and the life.</summary>
    public string Name { get; }

    public SimulatedClock Clock { get; }

    public SimulatedNodeState State { get; private set; }

    public HistoryDialect Dialect { get; }

    /// <summary>True from when it was asked to leave.</summary>
    public bool IsLeaving { get; set; }

    internal SimulatedBus Bus { get; }

    private Agenda Agenda => _cluster.Agenda;

    /// <summary>Has something reach the node from outside, after a while.</summary>
    internal void Later(long ticks, Action action) => Agenda.After(ticks, () => Reach(action));

    /// <summary>Has something reach the node from outside, now: behind all that waits for it.</summary>
    internal void Reach(Action action)
    {
        if (State == SimulatedNodeState.Gone)
        {
            return;
        }

        if (State == SimulatedNodeState.Frozen || _waiting.Count > 0)
        {
            _waiting.Enqueue(action);
            return;
        }

        Do(action);
    }

    internal void Freeze()
    {
        State = State == SimulatedNodeState.Running ? SimulatedNodeState.Frozen : State;
    }

    internal void Thaw()
    {
        if (State != SimulatedNodeState.Frozen)
        {
            return;
        }

        State = SimulatedNodeState.Running;
        for (var loop = 0; loop < _dueAt.Length; loop++)
        {
            TurnBy(loop, Agenda.Now + Agenda.Draw(0, 2));
        }

        PumpLater();
    }

    internal void End()
    {
        State = SimulatedNodeState.Gone;
        _waiting.Clear();
    }

    public void Dispose() => Node.Dispose();

    private void PumpLater()
    {
        if (!_isPumping && _waiting.Count > 0)
        {
            _isPumping = true;
            Agenda.After(Agenda.Draw(0, 0.2), () =>
            {
                _isPumping = false;
                if (State == SimulatedNodeState.Running && _waiting.TryDequeue(out var first))
                {
                    Do(first);
                    PumpLater();
                }
            });
        }
    }

    private void Do(Action action)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
        action();
        SynchronizationContext.SetSynchronizationContext(before);
        WakeLoops();
    }

    private void WakeLoops()
    {
        for (var loop = 0; loop < _dueAt.Length; loop++)
        {
            if (Node.AllLoops[loop].HasWork)
            {
                TurnBy(loop, Agenda.Now + (Agenda.Chance(0.002) ? Agenda.Draw(5, 60) : Agenda.Draw(0.005, 0.2)));
            }
        }
    }

    private void TurnBy(int loop, long at)
    {
        if (at < _dueAt[loop])
        {
            _dueAt[loop] = at;
            Agenda.At(at, () => Turn(loop, at));
        }
    }

    private void Turn(int index, long at)
    {
        if (_dueAt[index] != at)
        {
            return;   // an earlier one was asked for, and had
        }

        _dueAt[index] = long.MaxValue;
        if (State != SimulatedNodeState.Running)
        {
            return;
        }

        var loop = Node.AllLoops[index];
        Agenda.Note(Name, $"loop {index}");
        Do(() => loop.Turn(0));
        Look(loop);
        if (loop.Wheel.NextDelayMs(loop.NowMs) is >= 0 and var delayMs)
        {
            TurnBy(index, Agenda.Now + ((delayMs + 1) * Agenda.Ms));
        }
    }

    /// <summary>Notes what has become of the loop's shards, and what is fuller than it was.</summary>
    private void Look(Loop loop)
    {
        if (loop.Index == 0)
        {
            Measure("unacknowledged bytes of a link", Node.Links.MostUnacknowledgedBytes, _linkBytes, ref _mostLinkBytes);
        }

        for (var number = loop.Index; loop != Node.ClusterLoop && number < _shards.Length; number += Node.Loops.Count)
        {
            var shard = Node.Shards.All[number];
            var (_, term, isOwner) = _shards[number];
            Measure("emits in a shard's mailbox", shard.Mailbox.Emits, _mailboxEmits, ref _mostMailboxEmits);
            if (shard.Term != term)
            {
                _cluster.Record(new HistoryRecord.Fenced(Agenda.NowMs, Name, number, shard.Term));
            }

            if (shard.IsOwner && (!isOwner || shard.Term != term))
            {
                _cluster.Record(new HistoryRecord.Owned(Agenda.NowMs, Name, number, shard.Term));
            }

            _shards[number] = (shard.Owner, shard.Term, shard.IsOwner);
        }
    }

    private void Measure(string buffer, long held, long bound, ref long most)
    {
        if (held > most)
        {
            most = held;
            _cluster.Record(new HistoryRecord.Measured(Agenda.NowMs, Name, buffer, held, bound));
        }
    }
}
