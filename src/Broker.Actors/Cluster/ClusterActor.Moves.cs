using Broker.Actors.Loops;
using Broker.Messages;
using Broker.Messages.Cluster;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Cluster;

/// <summary>
/// Where shards go while everybody lives: to the node that rendezvous hashing wants, a few at a time, once the nodes have
/// been the same for a while; away from a node that leaves.
/// </summary>
internal sealed partial class ClusterActor
{
    /// <summary>Shards that move at a time.</summary>
    private const int MovesAtATime = 8;

    /// <summary>Milliseconds that the live nodes must have been the same before shards move to a new one.</summary>
    private const long StillMs = 3_000;

    /// <summary>Milliseconds that a leaving node tries to hand over what it owns.</summary>
    private const long LeaveMs = 15_000;

    private readonly HashSet<ShardId> _moving = [];
    private readonly Queue<ClusterMessage.HandedOver> _handedOver = [];
    private readonly HashSet<ShardTerm> _claimedBack = [];
    private readonly LeaveTimer _leaveTimer;
    private Action? _whenHandedOver;
    private long _leavingSinceMs;
    private bool _isLateToLeave;
    private bool _hasLeft;

    // Holders

    // In a line of their own: with a slow authority the lease must not wait behind them.
    private void WriteHolders(ClusterMessage.WriteHolders write) => _writes.Add(async () =>
    {
        var answer = await _options.Authority.SetHoldersAsync(write.Shard, [.. write.Holders], default);
        return new ClusterMessage.HoldersWritten(write.Shard, write.Holders, answer);
    });

    private void HoldersWritten(ClusterMessage.HoldersWritten written)
    {
        ref var row = ref _rows[written.Shard.Shard.Value];
        var isDone = written.Answer is Answer<bool>.Done { Value: true };
        if (isDone && row.Term == written.Shard.Term)
        {
            row = row with { Holders = written.Holders };
        }

        TellPorts(new PortMessage.HoldersWritten(written.Shard.Shard, written.Shard.Term, written.Holders, written.Answer));
    }

    // Moves

    private void Balance()
    {
        if (_state == NodeState.Joining || !HasLease || (_state == NodeState.Up && Loop.NowMs - _stillSinceMs < StillMs))
        {
            return;
        }

        var able = _state == NodeState.Up ? Able : [.. Able.Where(node => node != _node.Self)];
        foreach (var row in Own)
        {
            if (_moving.Count >= MovesAtATime)
            {
                return;
            }

            if (_state == NodeState.Up && _kept.Contains(row.Shard))
            {
                continue;
            }

            if (Rendezvous.Wanted(row.Shard, able) is { } wanted && wanted != _node.Self && MayTake(wanted) && _moving.Add(row.Shard))
            {
                TellPorts(new PortMessage.Move(row.Shard, wanted));
            }
        }
    }

    /// <summary>False for a node that cannot order what it is given: where it is wanted, the shard stays for now.</summary>
    private bool MayTake(Incarnation node) => _state != NodeState.Up || _live[node].IsBusOk;

    private void MoveEnded(ShardId shard)
    {
        _moving.Remove(shard);
        OrderedMoveEnded(shard);
    }

    /// <summary>Another node could not see this one's lease: it may have what this node owns.</summary>
    private void HandOverTo(Incarnation by)
    {
        foreach (var row in Own)
        {
            if (_moving.Add(row.Shard))
            {
                TellPorts(new PortMessage.Move(row.Shard, by));
            }
        }
    }

    private void ClaimHandedOver(ClusterMessage.HandedOver handed)
    {
        Keep(handed.Shard.Shard);
        _handedOver.Enqueue(handed);
        ClaimNextHandedOver();
    }

    /// <summary>All that has been handed over meanwhile, in one claim.</summary>
    private void ClaimNextHandedOver()
    {
        if (_isClaiming || _handedOver.Count == 0)
        {
            return;
        }

        var rows = new List<ShardRow>();
        while (_handedOver.TryDequeue(out var handed))
        {
            var row = _rows[handed.Shard.Shard.Value];
            if (handed.Shard.Term >= row.Term && _state == NodeState.Up)
            {
                rows.Add(row with { Owner = handed.From, Term = handed.Shard.Term });
            }
        }

        if (rows.Count > 0)
        {
            var grounds = rows.Select(row => row.Owner!.Value).Distinct()
                .Select(owner => new ClaimGround(owner, _live.GetValueOrDefault(owner)?.Queue, MustBeExpired: false))
                .ToArray();
            Claim(new Claim(_node.Self, rows, grounds));
        }
    }

    /// <summary>A hand-over was not taken: this node claims its own shard, and goes on under the new term (R6).</summary>
    private void ClaimBack(ShardTerm shard)
    {
        var row = _rows[shard.Shard.Value];
        if (row.Owner == _node.Self && row.Term == shard.Term && _claimedBack.Add(shard))
        {
            Ask(async () =>
            {
                var answer = await _options.Authority.ClaimAsync(new Claim(_node.Self, [row], []), default);
                return new ClusterMessage.ClaimedBack(shard, answer);
            });
        }
    }

    /// <summary>Shards that this node has given up, and that the authority still names it the owner of: who has stopped goes on under a new term only (R6).</summary>
    private void ClaimBack(IReadOnlyList<ShardRow> stopped)
    {
        if (_state == NodeState.Leaving)
        {
            Release(stopped);   // the authority did not hear it
        }
        else if (MayClaim && !_isClaiming)
        {
            Claim(new Claim(_node.Self, stopped, []));
        }
        else
        {
            _version = 0;   // they are read again with the next renewal
        }
    }

    // The end

    /// <summary>
    /// Gives every shard to another node, and stays until others hold what it holds; this one owns none from then on, and
    /// goes on serving its sessions.
    /// </summary>
    private void HandOverAll(Action then)
    {
        _whenHandedOver += then;   // a leave may come while the one before it is under way
        _leavingSinceMs = Loop.NowMs;
        _state = NodeState.Leaving;
        Renew();
        Loop.Wheel.Set(_leaveTimer, Loop.NowMs, LeaveMs);
        TellAble([]);
        Balance();
        LeaveWhenEmpty();
    }

    /// <summary>True while another owner counts on this node to hold its events: it is not in place yet, or has not written down who holds them instead.</summary>
    private bool IsHolder => Array.Exists(_rows, row => row.Owner is { } owner && owner != _node.Self && row.Holders.Contains(_node.Self));

    /// <summary>True when nobody is left to take what is here, as of now; who is frozen or cut off may be back soon.</summary>
    private bool IsLast =>
        (_renewedAtMs >= _leavingSinceMs || !HasLease)
        && !MayReturn.Any()
        && _live.Values.All(row => row.Incarnation == _node.Self || row.State == NodeState.Leaving);

    private void LeaveWhenEmpty()
    {
        if (_whenHandedOver is not { } then)
        {
            return;
        }

        if (IsLast || !(Own.Any() || IsHolder))
        {
            _whenHandedOver = null;
            Loop.Wheel.Cancel(_leaveTimer);
            then();
        }
        else
        {
            Balance();
        }
    }

    /// <summary>Goes; where a node has come since everything was handed over, or there was nobody to take it, when that one has it.</summary>
    private void Leave(TaskCompletionSource left)
    {
        if (_isLateToLeave)
        {
            Go(left);
        }
        else
        {
            HandOverAll(() => Go(left));
        }
    }

    /// <summary>Stops ordering, releases what is left, and goes.</summary>
    private void Go(TaskCompletionSource left)
    {
        _hasLeft = true;
        Loop.Wheel.Cancel(_timer);
        var own = Own.ToArray();
        Change([.. own.Select(row => row with { Owner = null })]);
        var stopped = _node.Loops.All.Select(loop => LoopCall.RunAsync(loop, () => { })).ToArray();
        Ask(async () =>
        {
#pragma warning disable VSTHRD003 // Completed by loops, which never wait for a task.
            foreach (var loop in stopped)   // not WhenAll, which would go on on another thread
            {
                await loop;
            }

#pragma warning restore VSTHRD003
            await _options.Authority.ReleaseAsync([.. own.Select(row => new ShardTerm(row.Shard, row.Term))], default);
            await _options.Authority.LeaveAsync(_node.Self, default);
            Tell(new NodeNews.Released());
            return new ClusterMessage.Left(left);
        });
    }

    [LoggerMessage(EventId = 3025, Level = LogLevel.Warning, Message = "{Shards} shards were not taken by another node in time: they are released")]
    private partial void LogNotHandedOver(int shards);

    /// <summary>Ends a leave that takes too long.</summary>
    private sealed class LeaveTimer(ClusterActor cluster) : WheelTimer
    {
        protected internal override void Fire()
        {
            if (cluster._whenHandedOver is { } then)
            {
                cluster.LogNotHandedOver(cluster.Own.Count());
                cluster._whenHandedOver = null;
                cluster._isLateToLeave = true;
                then();
            }
        }
    }
}
