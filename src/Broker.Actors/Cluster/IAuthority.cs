using Broker.Messages;

namespace Broker.Actors.Cluster;

/// <summary>
/// Who owns what; linearizable. An answer is done, refused or in doubt, never an exception. From any thread. Times are by
/// the authority's clock alone.
/// </summary>
public interface IAuthority : IAsyncDisposable
{
    /// <summary>
    /// Extends the node's lease, writes its row and holds its lock. What is missing among the renewal's own shards is no
    /// longer this node's.
    /// </summary>
    ValueTask<Answer<Renewal>> RenewAsync(NodeRow self, CancellationToken cancellationToken);

    /// <summary>Every shard's row, by number, as of one moment.</summary>
    ValueTask<Answer<ShardRow[]>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Takes shards and raises their terms. Takes those whose row is as it was read and whose old owner the claim's grounds
    /// still hold for; the answer names what was taken, with the new terms. Refused when the claimant's own lease has ended. Holders
    /// stay as they are until the new owner writes others: it has yet to collect what they hold. A shard that had none gets the claimant.
    /// </summary>
    ValueTask<Answer<ShardRow[]>> ClaimAsync(Claim claim, CancellationToken cancellationToken);

    /// <summary>Writes who holds a shard's events; false when the term is no longer the shard's.</summary>
    ValueTask<Answer<bool>> SetHoldersAsync(ShardTerm shard, Incarnation[] holders, CancellationToken cancellationToken);

    /// <summary>Leaves shards without an owner; their holders go on holding. False when one of them had another term by then: that one stays as it is.</summary>
    ValueTask<Answer<bool>> ReleaseAsync(ShardTerm[] shards, CancellationToken cancellationToken);

    /// <summary>True when the other's process holds its lock no more: it has ended, or lost its way to the authority.</summary>
    ValueTask<Answer<bool>> IsLockFreeAsync(Incarnation other, CancellationToken cancellationToken);

    /// <summary>The node goes: its row, its lock, and its name among the holders of any shard. Shards that it has not released are anybody's.</summary>
    ValueTask LeaveAsync(Incarnation self, CancellationToken cancellationToken);
}
