using System.Diagnostics;
using System.Globalization;
using Broker.Actors.Cluster;
using Broker.Messages;
using Broker.Storage.PostgreSql.Locks;
using Broker.TestKit.Servers;
using static Broker.Storage.PostgreSql.Tests.TestRows;

namespace Broker.Storage.PostgreSql.Tests.Locks;

[Trait("Needs", "postgresql")]
public sealed class IncarnationLockTests(PostgreSqlFixture fixture)
{
    [Fact]
    public async Task Lock_OfAProcessThatIsKilled_IsFreeWithinASecond()
    {
        var database = await TestDatabase.CreateAsync(fixture);
        await using var authority = database.Open();
        var killed = Incarnation.New();
        using var process = database.Server.StartClient(database.Name);
        await process.StandardInput.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"select 'held' from pg_advisory_lock({IncarnationLock.KeyOf(killed)});"));
        (await process.StandardOutput.ReadLineAsync()).ShouldBe("held");
        Value(await authority.IsLockFreeAsync(killed, default)).ShouldBeFalse();

        process.Kill();
        var startedAt = Stopwatch.GetTimestamp();
        await Until.HoldsAsync(async () => await authority.IsLockFreeAsync(killed, default) is Answer<bool>.Done { Value: true });

        Stopwatch.GetElapsedTime(startedAt).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Lock_WhoseConnectionIsEnded_IsTakenAgain()
    {
        var database = await TestDatabase.CreateAsync(fixture);
        await using var authority = database.Open();
        var one = Row("one");
        Value(await authority.RenewAsync(one, default));

        await database.RunAsync("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())");
        await Until.HoldsAsync(() => Task.FromResult(authority.Counters.LocksLost.Value == 1));
        await Until.HoldsAsync(async () => !Value(await authority.IsLockFreeAsync(one.Incarnation, default)));
    }

    [Fact]
    public async Task Lock_OfNodesThatShareAProcess_IsGivenBackApart()
    {
        var database = await TestDatabase.CreateAsync(fixture);
        await using var authority = database.Open();
        var (one, other) = (Row("one"), Row("other"));
        Value(await authority.RenewAsync(one, default));
        Value(await authority.RenewAsync(other, default));

        await authority.LeaveAsync(one.Incarnation, default);

        Value(await authority.IsLockFreeAsync(one.Incarnation, default)).ShouldBeTrue();
        Value(await authority.IsLockFreeAsync(other.Incarnation, default)).ShouldBeFalse();
    }
}
