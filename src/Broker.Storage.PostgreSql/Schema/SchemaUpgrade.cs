using Broker.Storage.PostgreSql.Connections;
using Npgsql;

namespace Broker.Storage.PostgreSql.Schema;

/// <summary>
/// Makes the schema, or brings it up to this release, in one transaction and under one lock: of nodes that start at once, one
/// does it and the others find it done.
/// </summary>
/// <param name="schema">Its name, already known to be harmless in SQL.</param>
/// <param name="shards">The number that a new schema gets, and that an old one must have.</param>
internal sealed class SchemaUpgrade(NpgsqlDataSource source, string schema, int shards, IReadOnlyList<SchemaScript> scripts)
{
    private readonly Lock _gate = new();
    private Task<int>? _running;

    /// <summary>Done once, by the first that asks; tried again by the next when it has failed.</summary>
    /// <returns>The schema's version: this release's, or a later one's.</returns>
    public Task<int> ReadyAsync()
    {
        lock (_gate)
        {
            return _running is null or { IsFaulted: true } or { IsCanceled: true } ? _running = Task.Run(UpgradeAsync) : _running;
        }
    }

    private async Task<int> UpgradeAsync()
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, "set local statement_timeout = '30s'");
        await ExecuteAsync(connection, "select pg_advisory_xact_lock(hashtextextended($1, 0))", $"broker schema {schema}");
        var version = await VersionAsync(connection);
        foreach (var script in scripts.Where(script => script.Version > version))
        {
            await ApplyAsync(connection, script);
            version = script.Version;
        }

        await CheckShardsAsync(connection);
        await transaction.CommitAsync();
        return version;
    }

    private async Task<int> VersionAsync(NpgsqlConnection connection)
    {
        // Looked for, not made "if not exists": that asks for the right to make schemas even where there is nothing to make.
        if (!await IsTrueAsync(connection, "select to_regnamespace($1) is not null", schema))
        {
            await ExecuteAsync(connection, $"create schema \"{schema}\"");
        }

        return await IsTrueAsync(connection, "select to_regclass($1) is not null", $"{schema}.schema_version")
            ? Convert.ToInt32(await ScalarAsync(connection, "select coalesce(max(version), 0) from schema_version"), provider: null)
            : 0;
    }

    private async Task ApplyAsync(NpgsqlConnection connection, SchemaScript script)
    {
        await ExecuteAsync(connection, script.Sql);
        await ExecuteAsync(connection, "insert into schema_version (version) values ($1)", script.Version);
        if (script.Version == 1)
        {
            await ExecuteAsync(connection, "insert into shards (shard) select generate_series(0, $1 - 1)", shards);
        }
    }

    private async Task CheckShardsAsync(NpgsqlConnection connection)
    {
        var there = Convert.ToInt32(await ScalarAsync(connection, "select count(*) from shards"), provider: null);
        if (there != shards)
        {
            throw new SchemaException($"the cluster in schema {schema} has {there} shards, this node is set to {shards}");
        }
    }

    private static async Task<bool> IsTrueAsync(NpgsqlConnection connection, string sql, object value) => await ScalarAsync(connection, sql, value) is true;

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, params object[] values) => await ScalarAsync(connection, sql, values);

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 35 };
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return await command.ExecuteScalarAsync();
    }
}
