using Broker.Messages;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Broker.Storage.PostgreSql.Locks;

/// <summary>The locks that this process holds: one, unless several nodes share it.</summary>
internal sealed class IncarnationLocks(NpgsqlDataSource source, AuthorityCounters counters, ILogger logger) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Incarnation, IncarnationLock> _held = [];
    private bool _isDisposed;

    /// <summary>Takes the lock and keeps it.</summary>
    /// <returns>Ends when it was taken for the first time.</returns>
    public Task HoldAsync(Incarnation incarnation)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_held.TryGetValue(incarnation, out var held))
            {
                _held[incarnation] = held = new IncarnationLock(source, incarnation, counters, logger);
            }

            return held.TakenAsync;
        }
    }

    public async ValueTask ReleaseAsync(Incarnation incarnation)
    {
        IncarnationLock? held;
        lock (_gate)
        {
            _held.Remove(incarnation, out held);
        }

        if (held is not null)
        {
            await held.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        IncarnationLock[] held;
        lock (_gate)
        {
            _isDisposed = true;
            held = [.. _held.Values];
            _held.Clear();
        }

        foreach (var one in held)
        {
            await one.DisposeAsync();
        }
    }
}
