using Broker.Actors.Cluster;
using Broker.TestKit.Servers;
using static Broker.Storage.PostgreSql.Tests.TestRows;

namespace Broker.Storage.PostgreSql.Tests;

/// <summary>Many who want the same at the same moment.</summary>
[Trait("Needs", "postgresql")]
public sealed class RaceTests(PostgreSqlFixture fixture)
{
    private const int Nodes = 6;
    private const int Rounds = 200;

    [Fact]
    public async Task Claim_ByManyOfTheSameShards_GivesEachToOneAndRaisesItsTermByOne()
    {
        var database = await TestDatabase.CreateAsync(fixture);
        await using var apart = new NodesApart(() => database.Open());
        var nodes = await RenewedAsync(apart);
        for (var round = 0; round < Rounds; round++)
        {
            var rows = Value(await apart.ReadAsync(default));
            var claims = await Task.WhenAll(nodes.Select(node => ClaimAllAsync(apart, node, nodes, rows)));

            claims.SelectMany(taken => taken).Select(row => row.Shard.Value).Order().ShouldBe(Enumerable.Range(0, 16));
            var after = Value(await apart.ReadAsync(default));
            after.ShouldAllBe(row => row.Term == round + 1 && row.Owner != null);
            after.ShouldBeEquivalentTo(claims.SelectMany(taken => taken).OrderBy(row => row.Shard.Value).ToArray());
        }
    }

    [Fact]
    public async Task Everything_AtOnce_IsAnsweredWithoutADeadlock()
    {
        var database = await TestDatabase.CreateAsync(fixture);
        await using var apart = new NodesApart(() => database.Open());
        var nodes = await RenewedAsync(apart);

        await Task.WhenAll(nodes.Select(node => Task.Run(async () =>
        {
            for (var round = 0; round < Rounds / 4; round++)
            {
                var rows = Value(await apart.ReadAsync(default));
                await ClaimAllAsync(apart, node, nodes, [.. rows.Reverse()]);
                var own = Value(await apart.RenewAsync(node, default)).Own;
                Value(await apart.ReleaseAsync([.. own.Reverse().Take(3)], default));
                foreach (var shard in own.Take(2))
                {
                    Value(await apart.SetHoldersAsync(shard, [node.Incarnation], default));
                }

                Value(await apart.IsLockFreeAsync(node.Incarnation, default)).ShouldBeFalse();
            }
        })));
    }

    [Fact]
    public async Task Renew_WhileAClaimRelievesTheNode_ShowsWhatTheClaimLeftIt()
    {
        var (database, authority, one) = await OwnerAsync();
        await using var _ = authority;
        using var client = database.Server.StartClient(database.Name);
        await client.StandardInput.WriteLineAsync(
            $"begin; select 'locked' from broker.nodes where incarnation = '{one.Incarnation.Value}' for share; "
            + "update broker.shards set owner = null, term = term + 1 where shard < 2;");
        (await client.StandardOutput.ReadLineAsync()).ShouldBe("locked");

        var renewal = authority.RenewAsync(one with { Queue = new BusAddress("another") }, default);
        await CommitWhenAwaitedAsync(database, client);

        Value(await renewal).Own.Select(shard => shard.Shard.Value).ShouldBe([2, 3]);
    }

    [Fact]
    public async Task Renew_OfAForgottenNodeWhileAClaimRelievesIt_ShowsWhatTheClaimLeftIt()
    {
        var (database, authority, one) = await OwnerAsync();
        await using var _ = authority;
        await database.RunAsync("delete from broker.nodes");
        using var client = database.Server.StartClient(database.Name);
        await client.StandardInput.WriteLineAsync(
            "begin; update broker.shards set owner = null, term = term + 1 where shard < 2 returning 'locked';");
        (await client.StandardOutput.ReadLineAsync()).ShouldBe("locked");

        var renewal = authority.RenewAsync(one, default);
        await CommitWhenAwaitedAsync(database, client);

        Value(await renewal).Own.Select(shard => shard.Shard.Value).ShouldBe([2, 3]);
    }

    [Fact]
    public async Task Claim_WhileTheOwnerReconnects_TakesNothing()
    {
        var (database, authority, one) = await OwnerAsync();
        await using var _ = authority;
        await using var others = database.Open();
        var other = Row("other");
        Value(await others.RenewAsync(other, default));
        var rows = Value(await others.ReadAsync(default));
        using var client = database.Server.StartClient(database.Name);
        await client.StandardInput.WriteLineAsync(
            $"begin; update broker.nodes set queue = 'another' where incarnation = '{one.Incarnation.Value}' returning 'locked';");
        (await client.StandardOutput.ReadLineAsync()).ShouldBe("locked");

        var claim = others.ClaimAsync(new Claim(other.Incarnation, rows[..4], [AsSeen(one)]), default);
        await CommitWhenAwaitedAsync(database, client);

        Value(await claim).ShouldBeEmpty();
    }

    private static async Task CommitWhenAwaitedAsync(TestDatabase database, System.Diagnostics.Process client)
    {
        await Until.HoldsAsync(async () => await database.RunAsync(
            "select count(*) > 0 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") == "t");
        await client.StandardInput.WriteLineAsync("commit;");
        client.StandardInput.Close();
        await client.WaitForExitAsync();
    }

    private static async Task<NodeRow[]> RenewedAsync(NodesApart apart)
    {
        var nodes = Enumerable.Range(0, Nodes).Select(number => Row($"n{number}")).ToArray();
        foreach (var node in nodes)
        {
            Value(await apart.RenewAsync(node, default));
        }

        return nodes;
    }

    /// <summary>As if every other node were found dead.</summary>
    private static Task<ShardRow[]> ClaimAllAsync(NodesApart apart, NodeRow node, NodeRow[] nodes, ShardRow[] rows) => Task.Run(async () =>
    {
        Value(await apart.RenewAsync(node, default));
        return Value(await apart.ClaimAsync(new Claim(node.Incarnation, rows, [.. nodes.Where(other => other != node).Select(AsSeen)]), default));
    });

    /// <summary>A node that owns shards 0 to 3.</summary>
    private async Task<(TestDatabase Database, PostgreSqlAuthority Authority, NodeRow Owner)> OwnerAsync()
    {
        var database = await TestDatabase.CreateAsync(fixture);
        var authority = database.Open();
        var one = Row("one");
        Value(await authority.RenewAsync(one, default));
        var rows = Value(await authority.ReadAsync(default));
        Value(await authority.ClaimAsync(new Claim(one.Incarnation, rows[..4], []), default)).Length.ShouldBe(4);
        return (database, authority, one);
    }
}
