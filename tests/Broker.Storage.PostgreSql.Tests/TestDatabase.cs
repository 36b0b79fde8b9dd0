using System.Globalization;
using Broker.Messages;
using Broker.Storage.PostgreSql.Locks;
using Broker.TestKit.Servers;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(PostgreSqlFixture))]

namespace Broker.Storage.PostgreSql.Tests;

/// <summary>A database of the test's own, empty at first.</summary>
internal sealed class TestDatabase(PostgreSqlServer server, string name)
{
    public string Name => name;

    public PostgreSqlServer Server => server;

    public static async Task<TestDatabase> CreateAsync(PostgreSqlFixture fixture) =>
        new(await fixture.ServerAsync(), await fixture.CreateDatabaseAsync());

    public PostgreSqlOptions Options(int shards = 16, int? port = null, string user = PostgreSqlServer.Superuser) =>
        new() { ConnectionString = server.ConnectionString(name, user, port), Shards = shards };

    public PostgreSqlAuthority Open(int shards = 16, int? port = null) => new(Options(shards, port), NullLoggerFactory.Instance);

    public Task<string> RunAsync(string sql) => server.RunSqlAsync(sql, name);

    /// <summary>As if the database's clock went on.</summary>
    public Task PassAsync(TimeSpan time) => RunAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"update broker.nodes set expires_at = expires_at - interval '{time.TotalSeconds} seconds', since = since - interval '{time.TotalSeconds} seconds'"));

    /// <summary>Ends when a node's lock is free.</summary>
    public Task UnlockedAsync(Incarnation node) =>
        RunAsync(string.Create(CultureInfo.InvariantCulture, $"select pg_advisory_lock({IncarnationLock.KeyOf(node)})"));
}
