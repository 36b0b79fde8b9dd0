using Broker.Actors.Cluster;
using Broker.TestKit.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using static Broker.Storage.PostgreSql.Tests.TestRows;

namespace Broker.Storage.PostgreSql.Tests;

/// <summary>The roles of <c>cluster-config/postgresql</c>: enough, and no more.</summary>
[Trait("Needs", "postgresql")]
public sealed class LeastRightsTests
{
    [Fact]
    public async Task Roles_AsSetUp_DoTheirWorkAndNothingElse()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await server.RunFileAsync(ConfigFile("setup.sql"));
        await WorksAsync(server, "broker");
        await server.RunFileAsync(ConfigFile("node-role.sql"), "broker");
        await WorksAsync(server, "broker_node");

        foreach (var role in new[] { "broker", "broker_node" })
        {
            await IsDeniedAsync(server, role, "create schema other");
            await IsDeniedAsync(server, role, "create table public.other (a int)");
            await IsDeniedAsync(server, role, "create temporary table other (a int)");
            await IsDeniedAsync(server, role, "create database other");
            await IsDeniedAsync(server, role, "create role other");
            await IsDeniedAsync(server, role, "select * from pg_authid");
            await IsDeniedAsync(server, role, "copy (select 1) to program 'true'");
        }

        await IsDeniedAsync(server, "broker_node", "create table broker.other (a int)");
        await IsDeniedAsync(server, "broker_node", "drop table broker.nodes");
        await IsDeniedAsync(server, "broker_node", "delete from broker.shards");
        await IsDeniedAsync(server, "broker_node", "insert into broker.schema_version values (99)");
    }

    private static async Task WorksAsync(PostgreSqlServer server, string role)
    {
        var options = new PostgreSqlOptions { ConnectionString = server.ConnectionString("broker", role), Shards = 16 };
        await using var authority = new PostgreSqlAuthority(options, NullLoggerFactory.Instance);
        var node = Row(role);
        Value(await authority.RenewAsync(node, default));
        var rows = Value(await authority.ReadAsync(default));
        var taken = Value(await authority.ClaimAsync(new Claim(node.Incarnation, rows, []), default));
        taken.Length.ShouldBe(16);
        Value(await authority.SetHoldersAsync(new ShardTerm(taken[0].Shard, taken[0].Term), [node.Incarnation], default)).ShouldBeTrue();
        Value(await authority.ReleaseAsync([.. taken.Select(row => new ShardTerm(row.Shard, row.Term))], default)).ShouldBeTrue();
        Value(await authority.IsLockFreeAsync(node.Incarnation, default)).ShouldBeFalse();
        await authority.LeaveAsync(node.Incarnation, default);
        authority.Counters.Failures.Value.ShouldBe(0);
    }

    private static async Task IsDeniedAsync(PostgreSqlServer server, string role, string sql)
    {
        var fault = await Should.ThrowAsync<InvalidOperationException>(() => server.RunSqlAsync(sql, "broker", role));
        fault.Message.ShouldMatch("permission denied|must be owner|must be superuser", sql);
    }

    private static string ConfigFile(string name)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Broker.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return Path.Combine(folder, "cluster-config", "postgresql", name);
    }
}
