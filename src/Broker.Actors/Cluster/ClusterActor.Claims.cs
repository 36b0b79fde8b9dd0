using System.Diagnostics.CodeAnalysis;
using Broker.Messages;
using Broker.Messages.Cluster;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Cluster;

/// <summary>
/// Taking shards (cluster protocol, R2): those that nobody owns, those of nodes whose queue is gone and whose lock is free,
/// those of nodes whose lease has ended and that did not answer when they were told to stop. Only with a fresh bus and a
/// lease of one's own.
/// </summary>
internal sealed partial class ClusterActor
{
    /// <summary>Milliseconds after which a node that was found dead, and still has a lease, must be alive.</summary>
    private const long DeadMs = 6_000;

    /// <summary>Milliseconds that a shard's only holder must have been found dead, longer than its bus could count as fresh.</summary>
    private const long OnlyHolderMs = 500;

    /// <summary>Milliseconds from when a node was found dead in which it may be back with what it holds: it may have lost no more than its connections.</summary>
    private const long MayReturnMs = 5_000;

    /// <summary>Milliseconds that a node whose lease has ended has to answer, from when it was told to stop.</summary>
    private const long DeposeMs = 500;

    /// <summary>Milliseconds before its lease's end at which a node that has not renewed it is told to stop: when it ends, it has had its time.</summary>
    private const long NearEndMs = DeposeMs + 100;

    /// <summary>Milliseconds after the expected end of a lease when it is looked at.</summary>
    private const long LookAfterMs = 20;

    /// <summary>Milliseconds that this node must have had its lease without a break before it relieves others of theirs.</summary>
    private const long UnbrokenMs = 6_000;

    /// <summary>Milliseconds that each node before this one in a shard's order has to claim it.</summary>
    private const long PassOverMs = 1_000;

    /// <summary>Milliseconds of a stale bus, and without any probe, after which this node's shards are better off elsewhere.</summary>
    private const long StaleMs = 3_000;

    private readonly Dictionary<Incarnation, FoundDead> _dead = [];
    private readonly Dictionary<Incarnation, long?> _deposed = [];

    /// <summary>Nodes whose lease has ended, and that nobody has found dead.</summary>
    private readonly Dictionary<Incarnation, NodeRow> _unleased = [];

    /// <summary>Holders of shards that this node has taken, of which it has never heard, with since when: they came while it was cut off, or went before it came.</summary>
    private readonly Dictionary<Incarnation, long> _unknown = [];

    /// <summary>Nodes whose lock is being looked at.</summary>
    private readonly HashSet<Incarnation> _looking = [];
    private readonly ClaimTimer _claimTimer;

    /// <summary>Shards that nobody serves and that this node may take, with since when.</summary>
    private Dictionary<ShardTerm, long> _takeable = [];
    private bool _isClaiming;
    private long _deposeSentAtMs;
    private long _cutOffAtMs;

    private bool MayClaim => _hasRead && _state == NodeState.Up && _live.ContainsKey(_node.Self) && HasLease && _node.Links.IsFresh;

    private void Claim()
    {
        if (_isClaiming)
        {
            return;
        }

        var (before, able) = (_takeable, Able);
        var takeable = MayClaim ? _rows.Where(IsTakeable).ToArray() : [];
        _takeable = takeable.Select(row => new ShardTerm(row.Shard, row.Term)).ToDictionary(shard => shard, shard => before.GetValueOrDefault(shard, Loop.NowMs));
        var due = takeable.Where(row => IsOwnTurn(row, able) && IsRipe(row)).ToArray();
        if (due.Length == 0)
        {
            return;
        }

        var grounds = due.Select(row => row.Owner).OfType<Incarnation>().Distinct()
            .Select(owner => _dead.TryGetValue(owner, out var dead) && !_options.IsBusClustered
                ? new ClaimGround(owner, dead.Queue, MustBeExpired: false)
                : new ClaimGround(owner, Queue: null, MustBeExpired: true))
            .ToArray();
        Claim(new Claim(_node.Self, due, grounds));
    }

    private void Claim(Claim claim)
    {
        _isClaiming = true;
        Ask(async () => new ClusterMessage.Claimed(await _options.Authority.ClaimAsync(claim, default)));
    }

    private bool IsServed(ShardRow row) => row.Owner is { } owner && _live.ContainsKey(owner);

    /// <summary>True when nobody serves the shard, and this node has been there for long enough to take it.</summary>
    private bool IsTakeable(ShardRow row) => !IsServed(row)
        && (row.Owner is not { } owner || _dead.ContainsKey(owner) || !_node.Rules.ClaimsNeedADepose || Passed(_unbrokenSinceMs, UnbrokenMs));

    /// <summary>True for the wanted node at once; for the others when those before them have not claimed: they may not, or cannot.</summary>
    private bool IsOwnTurn(ShardRow row, IReadOnlyList<Incarnation> able) => Rendezvous.Rank(row.Shard, _node.Self, able) switch
    {
        0 => true,
        var rank => _node.Rules.WantedArePassedOver && Passed(_takeable[new ShardTerm(row.Shard, row.Term)], rank * PassOverMs),
    };

    /// <summary>True when nothing stands in the way of a claim any more; else what does is set going.</summary>
    private bool IsRipe(ShardRow row)
    {
        if (row.Owner is not { } owner)
        {
            return true;
        }

        if (_dead.TryGetValue(owner, out var dead))
        {
            // Where the bus is clustered, the authority waits for the lease's end.
            return _options.IsBusClustered || row.Holders.Count > 1 || !_node.Rules.OnlyHoldersAreWaitedFor || Passed(dead.AtMs, OnlyHolderMs);
        }

        if (!_node.Rules.ClaimsNeedADepose)
        {
            return true;
        }

        if (_deposed.GetValueOrDefault(owner) is { } arrivedAtMs)
        {
            return Passed(arrivedAtMs, DeposeMs);
        }

        if (!_deposed.ContainsKey(owner) || Passed(_deposeSentAtMs, RenewMs))
        {
            Depose(owner);
        }

        return false;
    }

    private void Depose(Incarnation owner)
    {
        _deposed[owner] = null;
        _deposeSentAtMs = Loop.NowMs;
        _node.Links.TellOrCall(new LinkMessage.Depose(owner));
    }

    /// <summary>
    /// Leases that are about to end are looked at when they do, not a second later; and their nodes are told to stop just before, so that
    /// nobody waits for their answer afterwards. A node that has not renewed its lease for so long is frozen, or cut from the authority.
    /// </summary>
    private void LookOutForEnds(IReadOnlyDictionary<Incarnation, long> leftMs)
    {
        var lookInMs = long.MaxValue;
        foreach (var (node, left) in leftMs)
        {
            if (node == _node.Self || !_live.ContainsKey(node))
            {
                continue;
            }

            if (left <= NearEndMs && !_deposed.ContainsKey(node) && MayClaim && _node.Rules.ClaimsNeedADepose && Passed(_unbrokenSinceMs, UnbrokenMs) && Succeeds(node))
            {
                Depose(node);
            }

            lookInMs = Math.Min(lookInMs, left > NearEndMs ? left - DeposeMs : left + LookAfterMs);
        }

        if (lookInMs < RenewMs)
        {
            Loop.Wheel.Set(_look, Loop.NowMs, lookInMs);
        }
    }

    /// <summary>True when a shard of the node would be this one's, were it gone.</summary>
    private bool Succeeds(Incarnation node)
    {
        var able = Able.Where(other => other != node).ToArray();
        return Array.Exists(_rows, row => row.Owner == node && Rendezvous.Wanted(row.Shard, able) == _node.Self);
    }

    /// <summary>True when so long ago; else the claim is looked at again then.</summary>
    private bool Passed(long sinceMs, long limitMs)
    {
        var left = sinceMs + limitMs - Loop.NowMs;
        if (left > 0 && (!_claimTimer.IsSet || left < _claimTimer.LeftMs))
        {
            _claimTimer.Set(left);
        }

        return left <= 0;
    }

    private void Claimed(Answer<ShardRow[]> answer)
    {
        _isClaiming = false;
        if (answer is not Answer<ShardRow[]>.Done { Value: var taken })
        {
            Read();   // in doubt: what stands there is what happened
            return;
        }

        if (taken.Length > 0)
        {
            LogClaimed(taken.Length);
            Change(taken);
            Tell(new NodeNews.Claimed([.. taken.Select(row => (row.Shard, row.Term))]));
            ClaimNextHandedOver();
        }
        else
        {
            _version = 0;   // somebody else was first: read it with the next renewal
        }
    }

    // The dead, and the silent

    private void Doubt(IReadOnlyList<Incarnation> holders)
    {
        foreach (var holder in holders)
        {
            if (holder != _node.Self && !Knows(holder, out _) && !_dead.ContainsKey(holder))
            {
                _unknown.TryAdd(holder, Loop.NowMs);
            }
        }
    }

    private bool Knows(Incarnation node, [NotNullWhen(true)] out NodeRow? row) => _live.TryGetValue(node, out row) || _unleased.TryGetValue(node, out row);

    private void LookAt(Incarnation node, bool tell)
    {
        if (!Knows(node, out var row) || node == _node.Self || !_looking.Add(node))
        {
            return;
        }

        if (tell)
        {
            Tell(new NodeNews.Lost(node));
        }

        Ask(async () => new ClusterMessage.LockSeen(node, row.Queue, await _options.Authority.IsLockFreeAsync(node, default)));
    }

    private void LockSeen(ClusterMessage.LockSeen seen)
    {
        _looking.Remove(seen.Node);
        if (seen.Answer is not Answer<bool>.Done { Value: true } || !Knows(seen.Node, out var row) || row.Queue != seen.Queue)
        {
            return;
        }

        var before = Able;
        _dead[seen.Node] = new FoundDead(seen.Queue, Loop.NowMs, MayReturn: true);
        _live.Remove(seen.Node);
        _unleased.Remove(seen.Node);
        Lost(seen.Node, mayReturn: true);
        TellLinks();
        TellAble(before);
        Claim();
    }

    /// <summary>Nodes that are not there, and may come back with what they hold.</summary>
    private IEnumerable<Incarnation> MayReturn => _unleased.Keys.Concat(_unknown.Keys).Concat(_dead.Where(dead => dead.Value.MayReturn).Select(dead => dead.Key));

    /// <summary>
    /// Who was found dead, or was never heard of, and is not there after so long, is gone for good. The time in which this node was cut off
    /// itself does not count: what the others lost they may have lost with it.
    /// </summary>
    private void GiveUp()
    {
        if (!HasLease || !_node.Links.IsFresh)
        {
            _cutOffAtMs = Loop.NowMs;
        }

        var limitMs = _node.Rules.LostHoldersAreWaitedFor ? MayReturnMs : 0;
        if (Loop.NowMs - _cutOffAtMs < limitMs)
        {
            return;
        }

        foreach (var (node, dead) in _dead.Where(dead => dead.Value.MayReturn && Loop.NowMs - dead.Value.AtMs >= limitMs).ToArray())
        {
            _dead[node] = dead with { MayReturn = false };
            TellPorts(new PortMessage.GivenUp(node));
        }

        foreach (var (node, _) in _unknown.Where(unknown => Loop.NowMs - unknown.Value >= limitMs).ToArray())
        {
            Ask(async () => new ClusterMessage.UnknownSeen(node, await _options.Authority.IsLockFreeAsync(node, default)));
        }

        LeaveWhenEmpty();
    }

    /// <summary>Who has its lock is alive, and says so by and by.</summary>
    private void UnknownSeen(ClusterMessage.UnknownSeen seen)
    {
        if (seen.Answer is Answer<bool>.Done { Value: true } && _unknown.Remove(seen.Node))
        {
            TellPorts(new PortMessage.GivenUp(seen.Node));
        }
    }

    /// <summary>A node whose lease has ended has been told to stop, or nobody is where it was.</summary>
    private void DeposeArrived(Incarnation node)
    {
        if (_deposed.TryGetValue(node, out var arrived) && arrived is null)
        {
            _deposed[node] = Loop.NowMs;
            Claim();
        }
    }

    /// <summary>
    /// A bus that others have and this node has not: they can serve its shards, and it cannot (R5). Probes that come back late say that
    /// there is much to do, which is no better elsewhere.
    /// </summary>
    private void ReleaseIfStale()
    {
        if (_node.Links.IsFresh || _node.Time.GetElapsedTime(_node.Links.ProbedAt).TotalMilliseconds < StaleMs)
        {
            return;
        }

        var own = Own.Where(row => row.Holders.Any(holder => holder != _node.Self)).ToArray();
        if (own.Length > 0 && _live.Values.Any(row => row.Incarnation != _node.Self && row.IsBusOk))
        {
            LogStale(own.Length);
            Release(own);
        }
    }

    private void Release(IReadOnlyList<ShardRow> own)
    {
        Change([.. own.Select(row => row with { Owner = null })]);
        Ask(async () =>
        {
            await _options.Authority.ReleaseAsync([.. own.Select(row => new ShardTerm(row.Shard, row.Term))], default);
            Tell(new NodeNews.Released());
            return new ClusterMessage.Reread();
        });
    }

    [LoggerMessage(EventId = 3021, Level = LogLevel.Information, Message = "Claimed {Shards} shards")]
    private partial void LogClaimed(int shards);

    [LoggerMessage(EventId = 3024, Level = LogLevel.Warning, Message = "Releasing {Shards} shards: nothing has come over the bus for 3 seconds")]
    private partial void LogStale(int shards);

    /// <summary>A node whose queue is gone and whose lock is free.</summary>
    private readonly record struct FoundDead(BusAddress? Queue, long AtMs, bool MayReturn);

    /// <summary>Looks at claims again once enough time has passed.</summary>
    private sealed class ClaimTimer(ClusterActor cluster) : Loops.WheelTimer
    {
        private long _dueMs;

        public long LeftMs => _dueMs - cluster.Loop.NowMs;

        public void Set(long delayMs)
        {
            _dueMs = cluster.Loop.NowMs + delayMs;
            cluster.Loop.Wheel.Set(this, cluster.Loop.NowMs, delayMs);
        }

        protected internal override void Fire() => cluster.Claim();
    }
}
