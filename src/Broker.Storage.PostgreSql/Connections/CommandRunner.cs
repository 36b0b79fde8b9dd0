using Broker.Actors.Cluster;
using Broker.Storage.PostgreSql.Commands;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Broker.Storage.PostgreSql.Connections;

/// <summary>Runs commands, each with an end in sight: an answer comes within the time-out, whatever PostgreSQL and the network do.</summary>
internal sealed partial class CommandRunner(NpgsqlDataSource source, TimeSpan timeout, AuthorityCounters counters, ILogger logger)
{
    private readonly ILogger _logger = logger;
    private int _isAway;

    /// <param name="isReady">What must have ended before; its time counts too.</param>
    public async Task<Answer<T>> RunAsync<T>(AuthorityCommand<T> command, Func<Task> isReady, CancellationToken cancellationToken)
    {
        var attempt = new Attempt();
        try
        {
            var answer = await RunAsync(command, isReady, attempt).WaitAsync(timeout, cancellationToken);
            Served();
            return answer;
        }
        catch (Exception fault)
        {
            var isSent = !attempt.TryGiveUp();
            if (isSent && fault is TimeoutException)
            {
                source.Clear();   // what waits in the pool is no better
            }

            return Failed<T>(fault, maySucceed: isSent && !command.IsQuestion);
        }
    }

    /// <summary>Goes on when nobody waits any more, until Npgsql's own time-out ends the connection.</summary>
    private async Task<Answer<T>> RunAsync<T>(AuthorityCommand<T> command, Func<Task> isReady, Attempt attempt)
    {
        await isReady();
        await using var connection = await source.OpenConnectionAsync();
        await using var batch = connection.CreateBatch();
        command.Write(batch);
        if (!attempt.TrySend())
        {
            throw new OperationCanceledException();
        }

        await using var reader = await batch.ExecuteReaderAsync();
        var answer = await command.ReadAsync(reader);
        while (await reader.NextResultAsync())
        {
            // The commit comes behind the last result.
        }

        return answer;
    }

    private Answer<T> Failed<T>(Exception fault, bool maySucceed)
    {
        var reason = Failure.Reason(fault);
        counters.Failures.Add(1);
        if (fault is not OperationCanceledException && Interlocked.Exchange(ref _isAway, 1) == 0)
        {
            LogAway(reason);
        }

        if (!maySucceed || Failure.IsRolledBack(fault))
        {
            return new Answer<T>.Refused(reason);
        }

        counters.Doubts.Add(1);
        return new Answer<T>.InDoubt(reason);
    }

    private void Served()
    {
        if (Interlocked.Exchange(ref _isAway, 0) == 1)
        {
            LogBack();
        }
    }
}
