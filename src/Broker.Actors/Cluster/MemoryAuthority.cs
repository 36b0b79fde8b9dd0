using Broker.Messages;

namespace Broker.Actors.Cluster;

/// <summary>
/// The authority of nodes that share a process: one node alone, or several in a test. Not an actor: every answer is made
/// under one lock, and at once.
/// </summary>
public sealed class MemoryAuthority(TimeProvider time, int shards = ShardId.DefaultCount) : IAuthority
{
    /// <summary>How long a node lives after its last renewal.</summary>
    public static TimeSpan Lease { get; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a node's row outlives its lease.</summary>
    public static TimeSpan KeptAfterwards { get; } = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly Dictionary<Incarnation, LeasedNode> _nodes = [];
    private readonly HashSet<Incarnation> _locks = [];
    private readonly ShardRow[] _shards = [.. Enumerable.Range(0, shards).Select(number => new ShardRow(new ShardId(number), Owner: null, Term: 0, []))];
    private long _version = 1;

    public ValueTask<Answer<Renewal>> RenewAsync(NodeRow self, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            foreach (var (old, node) in _nodes)
            {
                if (time.GetElapsedTime(node.RenewedAt, now) > Lease + KeptAfterwards)
                {
                    _nodes.Remove(old);   // allowed while enumerating
                }
            }

            _nodes[self.Incarnation] = new LeasedNode(self, now);
            _locks.Add(self.Incarnation);
            var live = _nodes.Values.Where(node => IsLive(node, now)).ToArray();
            return Done(new Renewal(
                [.. live.Select(node => node.Row)],
                _version,
                [.. _shards.Where(row => row.Owner == self.Incarnation).Select(row => new ShardTerm(row.Shard, row.Term))],
                live.ToDictionary(node => node.Row.Incarnation, node => (long)(Lease - time.GetElapsedTime(node.RenewedAt, now)).TotalMilliseconds)));
        }
    }

    public ValueTask<Answer<ShardRow[]>> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Done<ShardRow[]>([.. _shards]);
        }
    }

    public ValueTask<Answer<ShardRow[]>> ClaimAsync(Claim claim, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (!_nodes.TryGetValue(claim.Claimant, out var claimant) || !IsLive(claimant, now))
            {
                return ValueTask.FromResult<Answer<ShardRow[]>>(new Answer<ShardRow[]>.Refused("the claimant's lease has ended"));
            }

            var taken = new List<ShardRow>();
            foreach (var wanted in claim.AsRead)
            {
                ref var row = ref _shards[wanted.Shard.Value];
                if (row.Term == wanted.Term && row.Owner == wanted.Owner && MayTake(row, claim, now))
                {
                    row = row with { Owner = claim.Claimant, Term = row.Term + 1, Holders = row.Holders.Count == 0 ? [claim.Claimant] : row.Holders };
                    taken.Add(row);
                }
            }

            Changed(taken.Count > 0);
            return Done<ShardRow[]>([.. taken]);
        }
    }

    public ValueTask<Answer<bool>> SetHoldersAsync(ShardTerm shard, Incarnation[] holders, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ref var row = ref _shards[shard.Shard.Value];
            var isCurrent = row.Owner is not null && row.Term == shard.Term;
            if (isCurrent)
            {
                row = row with { Holders = [.. holders] };
            }

            Changed(isCurrent);
            return Done(isCurrent);
        }
    }

    public ValueTask<Answer<bool>> ReleaseAsync(ShardTerm[] shards, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var released = 0;
            foreach (var shard in shards)
            {
                ref var row = ref _shards[shard.Shard.Value];
                if (row.Owner is not null && row.Term == shard.Term)
                {
                    row = row with { Owner = null };
                    released++;
                }
            }

            Changed(released > 0);
            return Done(released == shards.Length);
        }
    }

    public ValueTask<Answer<bool>> IsLockFreeAsync(Incarnation other, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Done(!_locks.Contains(other));
        }
    }

    public ValueTask LeaveAsync(Incarnation self, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _nodes.Remove(self);
            _locks.Remove(self);
            var released = 0;
            foreach (ref var row in _shards.AsSpan())
            {
                if (row.Holders.Contains(self))
                {
                    row = row with { Holders = [.. row.Holders.Where(holder => holder != self)] };
                    released++;
                }
            }

            Changed(released > 0);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>For a node that is alone: every shard, at once and for good.</summary>
    public ShardRow[] TakeAll(Incarnation node)
    {
        lock (_gate)
        {
            foreach (ref var row in _shards.AsSpan())
            {
                row = row with { Owner = node, Term = row.Term + 1, Holders = [node] };
            }

            Changed(isChanged: true);
            return [.. _shards];
        }
    }

    /// <summary>The node's process has ended without a word: its lock is free, its lease runs on.</summary>
    public void Kill(Incarnation node)
    {
        lock (_gate)
        {
            _locks.Remove(node);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static ValueTask<Answer<T>> Done<T>(T value) => ValueTask.FromResult<Answer<T>>(new Answer<T>.Done(value));

    private bool MayTake(ShardRow row, Claim claim, long now)
    {
        if (row.Owner is not { } owner || owner == claim.Claimant || !_nodes.TryGetValue(owner, out var node))
        {
            return true;
        }

        return claim.Grounds.FirstOrDefault(ground => ground.Owner == owner) is { } ground
            && (ground.MustBeExpired ? !IsLive(node, now) : ground.Queue == node.Row.Queue);
    }

    private bool IsLive(LeasedNode node, long now) => time.GetElapsedTime(node.RenewedAt, now) < Lease;

    private void Changed(bool isChanged) => _version += isChanged ? 1 : 0;

    private sealed record LeasedNode(NodeRow Row, long RenewedAt);
}
