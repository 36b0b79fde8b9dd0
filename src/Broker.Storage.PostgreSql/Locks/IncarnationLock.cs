using System.Buffers.Binary;
using Broker.Messages;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Broker.Storage.PostgreSql.Locks;

/// <summary>
/// The advisory lock that says "this incarnation's process lives": held by a connection of its own, which the process's end closes.
/// Where the connection is lost, another is made, until this is disposed.
/// </summary>
internal sealed partial class IncarnationLock : IAsyncDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _source;
    private readonly Incarnation _incarnation;
    private readonly AuthorityCounters _counters;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _holding;
    private TimeSpan _retryAfter = FirstRetry;

    public IncarnationLock(NpgsqlDataSource source, Incarnation incarnation, AuthorityCounters counters, ILogger logger)
    {
        (_source, _incarnation, _counters, _logger) = (source, incarnation, counters, logger);
        _holding = Task.Run(HoldAsync);
    }

#pragma warning disable VSTHRD003 // Completed on the thread pool, where nobody waits for anybody's thread.
    /// <summary>Ends when the lock has been taken for the first time.</summary>
    public Task TakenAsync => _taken.Task;

    /// <summary>The lock's number: both halves of the incarnation, one over the other.</summary>
    public static long KeyOf(Incarnation incarnation)
    {
        Span<byte> bytes = stackalloc byte[16];
        incarnation.Value.TryWriteBytes(bytes);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes) ^ BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
    }

    /// <summary>Gives the lock back.</summary>
    public async ValueTask DisposeAsync()
    {
        // Npgsql's part in the cancellation throws where the connection has ended a moment ago.
        await _stop.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _holding;
        _taken.TrySetCanceled();
        _stop.Dispose();
    }
#pragma warning restore VSTHRD003

    private async Task HoldAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await HoldOnceAsync();
            }
            catch (Exception)
            {
                // Lost, or not taken: once more, unless this is the end.
            }

            await Task.Delay(_retryAfter, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _retryAfter = TimeSpan.FromTicks(Math.Min(_retryAfter.Ticks * 2, LastRetry.Ticks));
        }
    }

    private async Task HoldOnceAsync()
    {
        await using var connection = await _source.OpenConnectionAsync(_stop.Token);
        await using (var command = new NpgsqlCommand("select pg_advisory_lock($1)", connection))
        {
            // Where the one before is lost here but not yet there, this waits for PostgreSQL to notice.
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = KeyOf(_incarnation) });
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }

        _retryAfter = FirstRetry;
        if (!_taken.TrySetResult())
        {
            LogTakenAgain(_incarnation);
        }

        try
        {
            while (true)
            {
                await connection.WaitAsync(_stop.Token);   // returns for a notice of the server's, throws when the connection ends
            }
        }
        catch (Exception) when (!_stop.IsCancellationRequested)
        {
            _counters.LocksLost.Add(1);
            LogLost(_incarnation);
            throw;
        }
        catch (OperationCanceledException)
        {
            await GiveBackAsync(connection);
        }
    }

    /// <summary>So that it is free when this has ended; the connection's end alone is noticed a moment later.</summary>
    private static async Task GiveBackAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("select pg_advisory_unlock_all()", connection) { CommandTimeout = 1 };
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
