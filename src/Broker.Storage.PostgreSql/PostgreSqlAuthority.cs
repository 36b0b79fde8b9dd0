using System.Diagnostics;
using Broker.Actors.Cluster;
using Broker.Messages;
using Broker.Storage.PostgreSql.Commands;
using Broker.Storage.PostgreSql.Connections;
using Broker.Storage.PostgreSql.Locks;
using Broker.Storage.PostgreSql.Schema;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Broker.Storage.PostgreSql;

/// <summary>
/// The authority of nodes that share a PostgreSQL. Every answer comes within <see cref="PostgreSqlOptions.CommandTimeout"/>; what had been
/// sent by then and changes something is in doubt. Makes and upgrades its schema when it is first asked. Disposed without
/// <see cref="LeaveAsync"/> it is as if the process had ended: the lock is free, the lease runs on.
/// </summary>
public sealed class PostgreSqlAuthority : IAuthority
{
    private readonly NpgsqlDataSource _commands;
    private readonly NpgsqlDataSource _lockConnections;
    private readonly CommandRunner _runner;
    private readonly SchemaUpgrade _schema;
    private readonly IncarnationLocks _locks;

    /// <exception cref="OptionsValidationException">An option is wrong; says which, never what the connection string is.</exception>
    public PostgreSqlAuthority(PostgreSqlOptions options, ILoggerFactory loggers)
        : this(options, loggers, SchemaScript.All)
    {
    }

    internal PostgreSqlAuthority(PostgreSqlOptions options, ILoggerFactory loggers, IReadOnlyList<SchemaScript> scripts)
    {
        if (new PostgreSqlOptionsValidator().Validate(name: null, options) is { Failed: true } wrong)
        {
            throw new OptionsValidationException(nameof(PostgreSqlOptions), typeof(PostgreSqlOptions), wrong.Failures);
        }

        var logger = loggers.CreateLogger<PostgreSqlAuthority>();
        _commands = ConnectionSettings.ForCommands(options);
        _lockConnections = ConnectionSettings.ForLocks(options);
        _runner = new CommandRunner(_commands, options.CommandTimeout, Counters, logger);
        _schema = new SchemaUpgrade(_commands, options.Schema, options.Shards, scripts);
        _locks = new IncarnationLocks(_lockConnections, Counters, logger);
    }

    public AuthorityCounters Counters { get; } = new();

    public async ValueTask<Answer<Renewal>> RenewAsync(NodeRow self, CancellationToken cancellationToken)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var answer = await AskAsync(new Renew(self), cancellationToken, () => _locks.HoldAsync(self.Incarnation));
        if (answer is Answer<Renewal>.Done)
        {
            Counters.Renewed(startedAt);
        }

        return answer;
    }

    public ValueTask<Answer<ShardRow[]>> ReadAsync(CancellationToken cancellationToken) => AskAsync(new ReadShards(), cancellationToken);

    public async ValueTask<Answer<ShardRow[]>> ClaimAsync(Claim claim, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(new ClaimShards(claim), cancellationToken);
        if (answer is Answer<ShardRow[]>.Done { Value: var taken })
        {
            Counters.ShardsClaimed.Add(taken.Length);
        }

        return answer;
    }

    public ValueTask<Answer<bool>> SetHoldersAsync(ShardTerm shard, Incarnation[] holders, CancellationToken cancellationToken) =>
        AskAsync(new SetHolders(shard, holders), cancellationToken);

    public ValueTask<Answer<bool>> ReleaseAsync(ShardTerm[] shards, CancellationToken cancellationToken) =>
        AskAsync(new ReleaseShards(shards), cancellationToken);

    public ValueTask<Answer<bool>> IsLockFreeAsync(Incarnation other, CancellationToken cancellationToken) =>
        AskAsync(new TestLock(other), cancellationToken);

    public async ValueTask LeaveAsync(Incarnation self, CancellationToken cancellationToken)
    {
        await AskAsync(new RemoveNode(self), cancellationToken);
        await _locks.ReleaseAsync(self);
    }

    public async ValueTask DisposeAsync()
    {
        await _locks.DisposeAsync();
        await _lockConnections.DisposeAsync();
        await _commands.DisposeAsync();
    }

    private async ValueTask<Answer<T>> AskAsync<T>(AuthorityCommand<T> command, CancellationToken cancellationToken, Func<Task>? isReady = null) =>
        await _runner.RunAsync(command, () => ReadyAsync(isReady), cancellationToken);

    private async Task ReadyAsync(Func<Task>? isReady)
    {
        await _schema.ReadyAsync();
        if (isReady is not null)
        {
            await isReady();
        }
    }
}
