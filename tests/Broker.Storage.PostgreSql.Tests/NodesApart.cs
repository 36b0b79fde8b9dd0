using System.Collections.Concurrent;
using Broker.Actors.Cluster;
using Broker.Messages;

namespace Broker.Storage.PostgreSql.Tests;

/// <summary>Gives each node an authority of its own, as in a real cluster; one more for whom a question does not name.</summary>
internal sealed class NodesApart(Func<IAuthority> open) : IAuthority
{
    private readonly ConcurrentDictionary<Incarnation, IAuthority> _nodes = new();
    private readonly IAuthority _other = open();

    public ValueTask<Answer<Renewal>> RenewAsync(NodeRow self, CancellationToken cancellationToken) =>
        Of(self.Incarnation).RenewAsync(self, cancellationToken);

    public ValueTask<Answer<ShardRow[]>> ReadAsync(CancellationToken cancellationToken) => _other.ReadAsync(cancellationToken);

    public ValueTask<Answer<ShardRow[]>> ClaimAsync(Claim claim, CancellationToken cancellationToken) =>
        Of(claim.Claimant).ClaimAsync(claim, cancellationToken);

    public ValueTask<Answer<bool>> SetHoldersAsync(ShardTerm shard, Incarnation[] holders, CancellationToken cancellationToken) =>
        _other.SetHoldersAsync(shard, holders, cancellationToken);

    public ValueTask<Answer<bool>> ReleaseAsync(ShardTerm[] shards, CancellationToken cancellationToken) =>
        _other.ReleaseAsync(shards, cancellationToken);

    public ValueTask<Answer<bool>> IsLockFreeAsync(Incarnation other, CancellationToken cancellationToken) =>
        _other.IsLockFreeAsync(other, cancellationToken);

    public ValueTask LeaveAsync(Incarnation self, CancellationToken cancellationToken) => Of(self).LeaveAsync(self, cancellationToken);

    /// <summary>Ends one without a word.</summary>
    public async Task KillAsync(Incarnation node)
    {
        _nodes.TryRemove(node, out var authority);
        await authority!.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var authority in _nodes.Values.Append(_other))
        {
            await authority.DisposeAsync();
        }
    }

    private IAuthority Of(Incarnation node) => _nodes.GetOrAdd(node, _ => open());
}
