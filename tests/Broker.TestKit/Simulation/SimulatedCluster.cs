using System.Globalization;
using Broker.Actors;
using Broker.Actors.Channels;
using Broker.Actors.Cluster;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Actors.Shards;
using Broker.Messages;
using Broker.Messages.Cluster;
using Broker.TestKit.Histories;

namespace Broker.TestKit.Simulation;

/// <summary>
/// Whole nodes, a bus and an authority on one agenda, and what can be done to them. Machines have slots; a node that is
/// started again on its slot is a new incarnation with the same clock.
/// </summary>
public sealed class SimulatedCluster : IDisposable
{
    /// <summary>So few that some channels share one.</summary>
    public const int Shards = 8;

    private const double UnansweredChance = 0.002;

    /// <summary>
    /// Milliseconds that a node may look dead and is surely waited for where nobody else has what it holds: the 5 s of the protocol, less what
    /// it takes the others to learn that it is back.
    /// </summary>
    private const long SureWaitMs = 3_000;

    private readonly SimulationOptions _options;
    private readonly Dictionary<SimulatedNode, BusAddress?> _registered = [];
    private readonly HashSet<SimulatedNode> _thrownOut = [];
    private readonly HashSet<SimulatedNode> _looksDead = [];
    private readonly HashSet<SimulatedNode> _takenForDead = [];
    private readonly SimulatedExchange _exchange;
    private readonly List<HistoryRecord> _history = [];
    private readonly List<SimulatedNode> _nodes = [];
    private readonly SimulatedNode?[] _slots;
    private readonly SimulatedClock[] _clocks;
    private readonly int[] _lives;
    private readonly int[] _suspensions;
    private readonly Dictionary<Incarnation, string> _names = [];
    private readonly HashSet<(string Channel, Position At)> _tapped = [];
    private readonly IReadOnlyList<Incarnation>[] _holders = new IReadOnlyList<Incarnation>[Shards];
    private long _flakyUntil;
    private bool _isHealed;

    internal SimulatedCluster(Agenda agenda, int machines, SimulationOptions options)
    {
        Agenda = agenda;
        _options = options;
        _exchange = new SimulatedExchange(this);
        _slots = new SimulatedNode?[machines];
        _lives = new int[machines];
        _suspensions = new int[machines];
        _clocks = [.. Enumerable.Range(0, machines).Select(_ => new SimulatedClock(agenda, Drift()) { WallOffset = new TimeSpan(agenda.Draw(-2_000, 2_000)) })];
        Authority = new MemoryAuthority(new SimulatedClock(agenda, Drift()), Shards);
        Array.Fill(_holders, []);
        Namespaces = new Namespaces(
            [new Namespace("default", "*")],
            [
                new Namespace("default", "live*") { Options = new ChannelOptions { HistorySize = 0 } },
                new Namespace("default", "short*") { Options = new ChannelOptions { HistorySize = 8 } },
            ]);
    }

    public Agenda Agenda { get; }

    public IReadOnlyList<HistoryRecord> History => _history;

    /// <summary>Every life of every node so far.</summary>
    public IReadOnlyList<SimulatedNode> Nodes => _nodes;

    public int Machines => _slots.Length;

    public IReadOnlyList<SimulatedNode> Running => [.. _nodes.Where(node => node.State == SimulatedNodeState.Running && !node.IsLeaving)];

    internal MemoryAuthority Authority { get; }

    internal Namespaces Namespaces { get; }

    internal bool IsAuthorityAway { get; private set; }

    internal HashSet<int> CutFromAuthority { get; } = [];

    /// <summary>Called when a node's process has ended, so that its clients notice.</summary>
    internal Action<SimulatedNode>? Ended { get; set; }

    public static ChannelClass ClassOf(string channel) =>
        channel.StartsWith("live", StringComparison.Ordinal) ? ChannelClass.Live
        : channel.StartsWith("short", StringComparison.Ordinal) ? ChannelClass.ShortHistory
        : ChannelClass.History;

    public static int ShardOf(string channel) => ShardId.Of(new ChannelName("default", channel), Shards).Value;

    public SimulatedNode? this[int slot] => _slots[slot] is { State: not SimulatedNodeState.Gone } node ? node : null;

    public void Record(HistoryRecord record)
    {
        _history.Add(record);
        if (Agenda.KeepsTrace)
        {
            Agenda.Note("record", record.ToString());
        }
    }

    // What can be done to it

    /// <summary>The nodes of a cluster that begins: they know of each other before the first claims, as people start them.</summary>
    public void StartAll(int count)
    {
        var nodes = Enumerable.Range(0, count).Select(Create).ToArray();
        foreach (var node in nodes)
        {
            _ = Authority.RenewAsync(new NodeRow(node.Node.Self, "", "", Queue: null, 1, NodeState.Joining, IsBusOk: false), default).AsTask();
            Join(node);
        }
    }

    /// <summary>A node starts on a machine where none runs.</summary>
    public void Start(int slot)
    {
        if (this[slot] is null)
        {
            Join(Create(slot));
        }
    }

    /// <summary>The process ends without a word.</summary>
    public void Kill(int slot)
    {
        if (this[slot] is { } node)
        {
            Record(new HistoryRecord.Killed(Agenda.NowMs, node.Name));
            End(node);
        }
    }

    /// <param name="wholeMachine">True: its clock stops too, and nobody answers for its connections.</param>
    public void Freeze(int slot, bool wholeMachine)
    {
        if (this[slot] is not { State: SimulatedNodeState.Running } node)
        {
            return;
        }

        Suspend(slot);
        node.Freeze();
        if (wholeMachine)
        {
            node.Clock.Stop();
            Agenda.After(Agenda.Draw(4_000, 6_000), () => IfStillFrozen(() => Unlock(node)));
        }

        Agenda.After(Agenda.Draw(4_000, 6_000), () => IfStillFrozen(() => _exchange.Disconnect(node.Bus)));

        void IfStillFrozen(Action action)
        {
            if (node.State == SimulatedNodeState.Frozen)
            {
                action();
            }
        }
    }

    public void Thaw(int slot)
    {
        if (this[slot] is { State: SimulatedNodeState.Frozen } node)
        {
            Resume(slot);
            node.Clock.Go();
            node.Thaw();
        }
    }

    /// <summary>Gives up the node's shards, sends its clients away, and ends.</summary>
    public void Leave(int slot)
    {
        if (this[slot] is { State: SimulatedNodeState.Running, IsLeaving: false } node)
        {
            node.IsLeaving = true;
            node.Reach(() => _ = LeaveAsync(node));
        }
    }

    public void Cut(int from, int to) => _exchange.Cuts.Add((from, to));

    public void Heal(int from, int to) => _exchange.Cuts.Remove((from, to));

    /// <summary>The node's connection to the bus breaks, and is there again soon.</summary>
    public void Break(int slot)
    {
        if (this[slot] is { } node)
        {
            _exchange.Disconnect(node.Bus);
        }
    }

    public void CutFromBus(int slot)
    {
        if (_exchange.Unreached.Add(slot))
        {
            Suspend(slot);
            Break(slot);
        }
    }

    public void ReachBus(int slot)
    {
        if (_exchange.Unreached.Remove(slot))
        {
            Resume(slot);
        }
    }

    /// <summary>The connection looks open, and carries nothing one way, until it is found dead.</summary>
    public void HalfOpen(int slot, bool mute)
    {
        Suspend(slot);
        (mute ? _exchange.Mute : _exchange.Deaf).Add(slot);
        Agenda.After(Agenda.Draw(3_000, 6_000), () =>
        {
            _exchange.Mute.Remove(slot);
            _exchange.Deaf.Remove(slot);
            Break(slot);
            Resume(slot);
        });
    }

    public void StopBus() => _exchange.Stop();

    public void StartBus() => _exchange.Start();

    public void CutAuthority(int slot)
    {
        if (!CutFromAuthority.Add(slot))
        {
            return;
        }

        Suspend(slot);
        if (this[slot] is { } node)
        {
            Agenda.After(Agenda.Draw(3_500, 5_000), () =>
            {
                if (CutFromAuthority.Contains(slot))
                {
                    Unlock(node);   // its connection is found dead, and its lock goes with it
                }
            });
        }
    }

    public void ReachAuthority(int slot)
    {
        if (CutFromAuthority.Remove(slot))
        {
            Resume(slot);
        }
    }

    /// <summary>The node's connections to the bus and to the authority break, and with the second one its lock is gone; it gets no new ones.</summary>
    public void ThrowOut(int slot)
    {
        CutFromBus(slot);
        CutAuthority(slot);
        if (this[slot] is { } node)
        {
            Unlock(node);
            if (_thrownOut.Add(node))
            {
                Record(new HistoryRecord.CutOff(Agenda.NowMs, node.Name));
            }
        }
    }

    public void StopAuthority() => IsAuthorityAway = true;

    public void StartAuthority() => IsAuthorityAway = false;

    /// <summary>Many answers of the authority are lost for a while.</summary>
    public void MakeFlaky(long ticks) => _flakyUntil = Agenda.Now + ticks;

    public void Drift(int slot, long ppm) => _clocks[slot].Drift(ppm);

    public void SetWallClock(int slot, TimeSpan offset) => _clocks[slot].WallOffset = offset;

    /// <summary>Everything that was broken is whole; what was killed stays so.</summary>
    public void HealAll()
    {
        _exchange.Cuts.Clear();
        _exchange.Start();
        IsAuthorityAway = false;
        _flakyUntil = 0;
        _isHealed = true;
        for (var slot = 0; slot < _slots.Length; slot++)
        {
            Thaw(slot);
            ReachBus(slot);
            ReachAuthority(slot);
        }
    }

    public void Dispose()
    {
        foreach (var node in _nodes)
        {
            node.Dispose();
        }
    }

    // For its parts

    internal bool LosesAnswers(SimulatedNode node) =>
        node.State != SimulatedNodeState.Gone && Agenda.Chance(Agenda.Now < _flakyUntil ? 0.4 : UnansweredChance) && !_isHealed;

    internal bool RefusesSends(SimulatedNode node) => Agenda.Now < _flakyUntil && node.Slot % 2 == 0 && Agenda.Chance(0.05);

    /// <summary>Notes the events in a batch as its sender's.</summary>
    internal void Tap(SimulatedNode from, ReadOnlySpan<byte> batch)
    {
        try
        {
            LinkHeader.Read(batch);
            for (var rest = batch[LinkHeader.Size..]; !rest.IsEmpty;)
            {
                var (size, _) = NodeItemCodec.Peek(rest);
                if (NodeItemCodec.Read(rest, out var header, out _) is NodeItem.Event { Ordered: var ordered }
                    && header is { Shard: { } shard } && ordered.Epoch.Term == header.Term
                    && _tapped.Add((ordered.Channel.Text, ordered.Position)))
                {
                    Record(new HistoryRecord.Ordered(
                        Agenda.NowMs, from.Name, shard.Value, header.Term, ordered.Channel.Text, ordered.Position, HistoryDialect.NameIn(ordered.Data.Span)));
                }

                rest = rest[size..];
            }
        }
        catch (InvalidDataException)
        {
            // What travels outside links is no batch of theirs.
        }
    }

    /// <summary>A node was answered: notes who holds what from now on, and whom the node can see to be dead.</summary>
    internal void LookAtAuthority(SimulatedNode by)
    {
        LookForDead(by);
        if (SimulatedAuthority.AtOnce(Authority.ReadAsync(default)) is Answer<ShardRow[]>.Done { Value: var rows })
        {
            foreach (var row in rows)
            {
                if (!row.Holders.SequenceEqual(_holders[row.Shard.Value]))
                {
                    _holders[row.Shard.Value] = row.Holders;
                    Record(new HistoryRecord.HoldersSet(Agenda.NowMs, row.Shard.Value, [.. row.Holders.Select(holder => _names[holder])]));
                }
            }
        }
    }

    /// <summary>The node has told the authority where its queue is, and has its lock.</summary>
    internal void Registered(SimulatedNode node, BusAddress? queue)
    {
        _registered[node] = queue;
        if (queue is { } address && _exchange.Has(address) && _thrownOut.Remove(node))
        {
            Record(new HistoryRecord.CameBack(Agenda.NowMs, node.Name));
        }
    }

    /// <summary>
    /// Whoever has neither its lock nor the queue that its row names looks dead to the others; once one of them could have seen that for so
    /// long, it counts as dead.
    /// </summary>
    /// <param name="by">Who has just been answered by the authority.</param>
    private void LookForDead(SimulatedNode by)
    {
        foreach (var (node, queue) in _registered)
        {
            var isLockFree = IsLockFree(node);
            if (!isLockFree)
            {
                _looksDead.Remove(node);
                if (_takenForDead.Remove(node))
                {
                    Record(new HistoryRecord.FoundAlive(Agenda.NowMs, node.Name));
                }
            }
            else if (by != node && node.State != SimulatedNodeState.Gone && !(queue is { } address && _exchange.Has(address)) && _looksDead.Add(node))
            {
                Agenda.After(SureWaitMs * Agenda.Ms, () => TakeForDead(node));
            }
        }
    }

    private void TakeForDead(SimulatedNode node)
    {
        if (_looksDead.Contains(node) && node.State != SimulatedNodeState.Gone && _takenForDead.Add(node))
        {
            Record(new HistoryRecord.TakenForDead(Agenda.NowMs, node.Name));
        }
    }

    private bool IsLockFree(SimulatedNode node) =>
        SimulatedAuthority.AtOnce(Authority.IsLockFreeAsync(node.Node.Self, default)) is Answer<bool>.Done { Value: true };

    private void Unlock(SimulatedNode node) => Authority.Kill(node.Node.Self);

    private SimulatedNode Create(int slot)
    {
        var bus = _exchange.CreateBus();
        var authority = new SimulatedAuthority(this);
        var name = string.Create(CultureInfo.InvariantCulture, $"n{slot}.{++_lives[slot]}");
        Span<byte> id = stackalloc byte[16];
        Agenda.Random.NextBytes(id);
        var links = _options.LinkBytes is { } bytes ? LinkLimits.Default with { BufferBytes = bytes } : LinkLimits.Default;
        var random = new Random(Agenda.Random.Next());
        var options = new LocalNodeOptions
        {
            Loops = 2,
            Shards = Shards,
            Time = _clocks[slot],
            Self = new Incarnation(new Guid(id)),
            Random = random,
            NewDigestKey = () => new DigestKey(unchecked((ulong)random.NextInt64()), unchecked((ulong)random.NextInt64())),
            Shard = new ShardOptions { MembersToldWhole = 1 },   // so few that digests are told
            Poller = _ => SimulatedPoller.Instance,
            Sessions = new SessionLimits { PingAfterMs = int.MaxValue },
            Cluster = new ClusterOptions(bus, authority) { Name = name, Links = links, Rules = _options.Rules },
        };
        var node = new SimulatedNode(this, slot, name, options, _clocks[slot], bus);
        bus.Node = node;
        authority.Node = node;
        _nodes.Add(node);
        _slots[slot] = node;
        _names[node.Node.Self] = name;
        return node;
    }

    private void Join(SimulatedNode node) => node.Later(Agenda.Draw(0, 20), node.Node.Join);

    private async Task LeaveAsync(SimulatedNode node)
    {
        await node.Node.HandOverAsync();
        _ = node.Node.CloseAllAsync(Disconnect.Shutdown);
        node.Later(Agenda.Draw(10, 200), () => _ = GoAsync(node));
    }

    private async Task GoAsync(SimulatedNode node)
    {
        RecordIfLast(node);
        await node.Node.LeaveAsync();
        node.Later(Agenda.Draw(10, 100), () =>
        {
            RecordIfLast(node);
            End(node);
        });
    }

    /// <summary>The last one takes with it what it holds.</summary>
    private void RecordIfLast(SimulatedNode leaver)
    {
        if (!_registered.Keys.Any(other => other != leaver && other is { State: not SimulatedNodeState.Gone, IsLeaving: false }))
        {
            Record(new HistoryRecord.TakenForDead(Agenda.NowMs, leaver.Name));
        }
    }

    private void End(SimulatedNode node)
    {
        if (node.State == SimulatedNodeState.Gone)
        {
            return;
        }

        Agenda.Note(node.Name, "ends");
        if (node.State == SimulatedNodeState.Frozen)
        {
            Resume(node.Slot);
        }

        node.End();
        node.Clock.Go();
        Agenda.After(Agenda.Draw(8, 18), () => _exchange.Disconnect(node.Bus));
        Agenda.After(Agenda.Draw(1, 5), () => Unlock(node));
        Ended?.Invoke(node);
    }

    /// <summary>The node on a machine may be taken for dead from now on, for one more reason.</summary>
    private void Suspend(int slot)
    {
        if (_suspensions[slot]++ == 0 && this[slot] is { } node)
        {
            Record(new HistoryRecord.Suspended(Agenda.NowMs, node.Name));
        }
    }

    private void Resume(int slot)
    {
        if (--_suspensions[slot] == 0 && this[slot] is { } node)
        {
            Record(new HistoryRecord.Resumed(Agenda.NowMs, node.Name));
        }
    }

    /// <summary>Clocks that nobody sets well run some hundred millionths wrong.</summary>
    private long Drift() => Agenda.Random.NextInt64(-300, 301);
}
