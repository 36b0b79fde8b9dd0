using System.Diagnostics;
using Broker.Actors.Cluster;
using Broker.TestKit.Proxies;
using Broker.TestKit.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using static Broker.Storage.PostgreSql.Tests.TestRows;

namespace Broker.Storage.PostgreSql.Tests;

/// <summary>What a node is told while PostgreSQL, or the way to it, is gone.</summary>
[Trait("Needs", "postgresql")]
public sealed class OutageTests(PostgreSqlFixture fixture)
{
    /// <summary>The time-out of 2 seconds, and what a busy machine adds.</summary>
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task Renew_WhilePostgreSqlIsDown_IsAnsweredAndGoesOnAfterIt()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var authority = Open(server);
        var one = Row("one");
        Value(await authority.RenewAsync(one, default));

        await server.CrashAsync();
        await FailsPromptlyAsync(() => authority.RenewAsync(one, default));
        await FailsPromptlyAsync(() => authority.ReadAsync(default));
        await server.StartAgainAsync();

        await IsBackAsync(authority, one);
        authority.Counters.LocksLost.Value.ShouldBe(1);
    }

    [Fact]
    public async Task Renew_WhilePostgreSqlStandsStill_IsAnsweredAndGoesOnAfterIt()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var authority = Open(server);
        var one = Row("one");
        Value(await authority.RenewAsync(one, default));

        await server.PauseAsync();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            await FailsPromptlyAsync(() => authority.RenewAsync(one, default));
        }

        await server.ResumeAsync();
        await IsBackAsync(authority, one);
    }

    [Fact]
    public async Task Renew_WhenTheWayIsCut_IsAnsweredAndGoesOnAfterIt()
    {
        var database = await TestDatabase.CreateAsync(fixture);
        await using var proxy = new FaultProxy(database.Server.Port);
        await using var authority = database.Open(port: proxy.Port);
        var one = Row("one");
        Value(await authority.RenewAsync(one, default));

        proxy.Cut();
        await FailsPromptlyAsync(() => authority.RenewAsync(one, default));
        (await authority.RenewAsync(one, default)).ShouldBeOfType<Answer<Renewal>.Refused>();
        proxy.Heal();

        await IsBackAsync(authority, one);
    }

    [Fact]
    public async Task Renew_WhenTheWayIsHalfOpen_IsAnsweredAndGoesOnAfterIt()
    {
        var database = await TestDatabase.CreateAsync(fixture);
        await using var proxy = new FaultProxy(database.Server.Port);
        await using var authority = database.Open(port: proxy.Port);
        var one = Row("one");
        Value(await authority.RenewAsync(one, default));

        proxy.HalfOpen();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            await FailsPromptlyAsync(() => authority.RenewAsync(one, default));
        }

        proxy.Heal();
        await IsBackAsync(authority, one);
    }

    [Fact]
    public async Task Claim_WhoseAnswerIsLost_IsInDoubtAndCanBeReadBack()
    {
        var database = await TestDatabase.CreateAsync(fixture);
        await using var proxy = new FaultProxy(database.Server.Port);
        await using var authority = database.Open(port: proxy.Port);
        var one = Row("one");
        Value(await authority.RenewAsync(one, default));
        var rows = Value(await authority.ReadAsync(default));

        proxy.HalfOpen(FlowDirection.ToClient);
        (await authority.ClaimAsync(new Claim(one.Incarnation, rows[..2], []), default)).ShouldBeOfType<Answer<ShardRow[]>.InDoubt>();
        proxy.Heal();

        await using var other = database.Open();
        var after = Value(await other.ReadAsync(default));
        after[..2].ShouldAllBe(row => row.Owner == one.Incarnation && row.Term == 1);
        authority.Counters.Doubts.Value.ShouldBe(1);
    }

    [Fact]
    public async Task Claim_ThatNeverArrives_IsInDoubtAndDidNotHappen()
    {
        var database = await TestDatabase.CreateAsync(fixture);
        await using var proxy = new FaultProxy(database.Server.Port);
        await using var authority = database.Open(port: proxy.Port);
        var one = Row("one");
        Value(await authority.RenewAsync(one, default));
        var rows = Value(await authority.ReadAsync(default));

        proxy.HalfOpen(FlowDirection.ToServer);
        (await authority.ClaimAsync(new Claim(one.Incarnation, rows[..2], []), default)).ShouldBeOfType<Answer<ShardRow[]>.InDoubt>();

        await using var other = database.Open();
        Value(await other.ReadAsync(default)).ShouldAllBe(row => row.Owner == null);
    }

    [Fact]
    public async Task Claim_ThatWaitsForALock_IsNotDoneLongAfterItWasGivenUp()
    {
        var database = await TestDatabase.CreateAsync(fixture);
        await using var authority = database.Open();
        var one = Row("one");
        Value(await authority.RenewAsync(one, default));
        var rows = Value(await authority.ReadAsync(default));
        using var client = database.Server.StartClient(database.Name);
        await client.StandardInput.WriteLineAsync("begin; update broker.shards set holders = '{}' returning 'locked';");
        (await client.StandardOutput.ReadLineAsync()).ShouldBe("locked");

        await FailsPromptlyAsync(() => authority.ClaimAsync(new Claim(one.Incarnation, rows, []), default));
        await Until.HoldsAsync(async () => await database.RunAsync("select count(*) from pg_locks where not granted") == "0");
        client.Kill();

        Value(await authority.ReadAsync(default)).ShouldAllBe(row => row.Owner == null);
    }

    [Fact]
    public async Task Answer_WhenNothingWasEverReached_IsRefused()
    {
        var options = new PostgreSqlOptions { ConnectionString = "Host=127.0.0.1;Port=1;Username=broker;Password=hunter2" };
        await using var authority = new PostgreSqlAuthority(options, NullLoggerFactory.Instance);

        var answer = await authority.ClaimAsync(new Claim(Row("one").Incarnation, [], []), default);

        answer.ShouldBeOfType<Answer<ShardRow[]>.Refused>().Reason.ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task Cancel_WhileAnAnswerIsWaitedFor_IsHonouredAtOnce()
    {
        var database = await TestDatabase.CreateAsync(fixture);
        await using var proxy = new FaultProxy(database.Server.Port);
        await using var authority = database.Open(port: proxy.Port);
        Value(await authority.ReadAsync(default));
        proxy.HalfOpen();
        using var cancellation = new CancellationTokenSource();

        var read = authority.ReadAsync(cancellation.Token).AsTask();
        read.IsCompleted.ShouldBeFalse();
        var startedAt = Stopwatch.GetTimestamp();
        await cancellation.CancelAsync();

        (await read).ShouldBeOfType<Answer<ShardRow[]>.Refused>();
        Stopwatch.GetElapsedTime(startedAt).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Answer_AfterDisposal_IsRefused()
    {
        var database = await TestDatabase.CreateAsync(fixture);
        var authority = database.Open();
        Value(await authority.ReadAsync(default));
        await authority.DisposeAsync();

        (await authority.RenewAsync(Row("one"), default)).ShouldBeOfType<Answer<Renewal>.Refused>();
        (await authority.ReadAsync(default)).ShouldBeOfType<Answer<ShardRow[]>.Refused>();
    }

    private static PostgreSqlAuthority Open(PostgreSqlServer server) =>
        new(new PostgreSqlOptions { ConnectionString = server.ConnectionString(), Shards = 16 }, NullLoggerFactory.Instance);

    private static async Task FailsPromptlyAsync<T>(Func<ValueTask<Answer<T>>> ask)
    {
        var startedAt = Stopwatch.GetTimestamp();
        (await ask()).ShouldNotBeOfType<Answer<T>.Done>();
        Stopwatch.GetElapsedTime(startedAt).ShouldBeLessThan(Prompt);
    }

    private static async Task IsBackAsync(PostgreSqlAuthority authority, NodeRow node)
    {
        await Until.HoldsAsync(async () => await authority.RenewAsync(node, default) is Answer<Renewal>.Done);
        await Until.HoldsAsync(async () => await authority.IsLockFreeAsync(node.Incarnation, default) is Answer<bool>.Done { Value: false });
    }
}
