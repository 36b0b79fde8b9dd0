using Broker.Actors.Cluster;
using Broker.Messages;

namespace Broker.TestKit.Cluster;

/// <summary>What every authority promises. An engine's tests inherit it; the database is theirs alone and has 16 shards.</summary>
public abstract class AuthorityContract
{
    protected const int Shards = 16;

    /// <summary>The authority as one node sees it.</summary>
    protected abstract ValueTask<IAuthority> OpenAsync();

    /// <summary>Lets the authority's clock go on.</summary>
    protected abstract ValueTask PassAsync(TimeSpan time);

    /// <summary>Ends a node's process without a word.</summary>
    protected abstract ValueTask KillAsync(IAuthority authority, Incarnation node);

    [Fact]
    public async Task Renew_ByTwo_ShowsEachTheOther()
    {
        await using var authority = await OpenAsync();
        var (one, other) = (Row("one"), Row("other"));

        Value(await authority.RenewAsync(one, default)).Live.ShouldBe([one]);
        var renewal = Value(await authority.RenewAsync(other, default));

        renewal.Live.ShouldBe([one, other], ignoreOrder: true);
        renewal.Own.ShouldBeEmpty();
    }

    [Fact]
    public async Task Renew_SaysHowLongLeasesRun()
    {
        await using var authority = await OpenAsync();
        var (one, other) = (Row("one"), Row("other"));
        await authority.RenewAsync(one, default);
        await PassAsync(TimeSpan.FromSeconds(3));

        var left = Value(await authority.RenewAsync(other, default)).LeftMs;

        left[one.Incarnation].ShouldBeInRange(1, 2_000);
        left[other.Incarnation].ShouldBeInRange(left[one.Incarnation] + 1, 5_000);
    }

    [Fact]
    public async Task Renew_WhenALeaseHasEnded_ShowsThatNodeNoMore()
    {
        await using var authority = await OpenAsync();
        var (one, other) = (Row("one"), Row("other"));
        await authority.RenewAsync(one, default);
        await PassAsync(TimeSpan.FromSeconds(3));
        await authority.RenewAsync(other, default);
        await PassAsync(TimeSpan.FromSeconds(3));

        Value(await authority.RenewAsync(other, default)).Live.ShouldBe([other]);
    }

    [Fact]
    public async Task Renew_AfterTheLeaseHasEnded_LivesAgain()
    {
        await using var authority = await OpenAsync();
        var one = Row("one");
        await authority.RenewAsync(one, default);
        await PassAsync(TimeSpan.FromSeconds(30));

        Value(await authority.RenewAsync(one, default)).Live.ShouldBe([one]);
    }

    [Fact]
    public async Task Read_AtFirst_ShowsEveryShardWithoutAnOwner()
    {
        await using var authority = await OpenAsync();

        var rows = Value(await authority.ReadAsync(default));

        rows.Length.ShouldBe(Shards);
        rows.ShouldAllBe(row => row.Owner == null && row.Term == 0 && row.Holders.Count == 0);
        rows.Select(row => row.Shard.Value).ShouldBe(Enumerable.Range(0, Shards));
    }

    [Fact]
    public async Task Claim_OfShardsWithoutAnOwner_RaisesTheirTerms()
    {
        await using var authority = await OpenAsync();
        var one = Row("one");
        var before = Value(await authority.RenewAsync(one, default)).DirectoryVersion;
        var rows = Value(await authority.ReadAsync(default));

        var taken = Value(await authority.ClaimAsync(new Claim(one.Incarnation, rows[..3], []), default));

        taken.Select(row => row.Shard.Value).ShouldBe([0, 1, 2]);
        taken.ShouldAllBe(row => row.Owner == one.Incarnation && row.Term == 1 && row.Holders.Single() == one.Incarnation);
        var renewal = Value(await authority.RenewAsync(one, default));
        renewal.DirectoryVersion.ShouldBeGreaterThan(before);
        renewal.Own.ShouldBe(taken.Select(row => new ShardTerm(row.Shard, row.Term)), ignoreOrder: true);
    }

    [Fact]
    public async Task Claim_WithoutALease_IsRefused()
    {
        await using var authority = await OpenAsync();
        var one = Row("one");
        await authority.RenewAsync(one, default);
        var rows = Value(await authority.ReadAsync(default));
        await PassAsync(TimeSpan.FromSeconds(6));

        (await authority.ClaimAsync(new Claim(one.Incarnation, rows, []), default)).ShouldBeOfType<Answer<ShardRow[]>.Refused>();
    }

    [Fact]
    public async Task Claim_OfARowThatHasChanged_TakesItNot()
    {
        await using var authority = await OpenAsync();
        var (one, other) = (Row("one"), Row("other"));
        await authority.RenewAsync(one, default);
        await authority.RenewAsync(other, default);
        var rows = Value(await authority.ReadAsync(default));
        await authority.ClaimAsync(new Claim(one.Incarnation, rows[..1], []), default);

        var taken = Value(await authority.ClaimAsync(new Claim(other.Incarnation, rows[..2], []), default));

        taken.Single().Shard.ShouldBe(rows[1].Shard);
    }

    [Fact]
    public async Task Claim_OfManyAtOnce_GivesEachShardToOne()
    {
        await using var authority = await OpenAsync();
        var nodes = Enumerable.Range(0, 4).Select(number => Row($"n{number}")).ToArray();
        foreach (var node in nodes)
        {
            await authority.RenewAsync(node, default);
        }

        var rows = Value(await authority.ReadAsync(default));
        var claims = await Task.WhenAll(nodes.Select(node =>
            Task.Run(async () => Value(await authority.ClaimAsync(new Claim(node.Incarnation, rows, []), default)))));

        claims.SelectMany(taken => taken).Select(row => row.Shard.Value).Order().ShouldBe(Enumerable.Range(0, Shards));
        Value(await authority.ReadAsync(default)).ShouldAllBe(row => row.Term == 1);
    }

    [Fact]
    public async Task Claim_FromAnOwnerThatLives_TakesNothing()
    {
        await using var authority = await OpenAsync();
        var (one, other) = (Row("one"), Row("other"));
        var owned = await OwnedAsync(authority, one, other);

        Value(await authority.ClaimAsync(new Claim(other.Incarnation, owned, []), default)).ShouldBeEmpty();
        var expired = new ClaimGround(one.Incarnation, one.Queue, MustBeExpired: true);
        Value(await authority.ClaimAsync(new Claim(other.Incarnation, owned, [expired]), default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Claim_FromAnOwnerWhoseLeaseHasEnded_TakesItsShards()
    {
        await using var authority = await OpenAsync();
        var (one, other) = (Row("one"), Row("other"));
        var owned = await OwnedAsync(authority, one, other);
        await PassAsync(TimeSpan.FromSeconds(6));
        await authority.RenewAsync(other, default);

        var expired = new ClaimGround(one.Incarnation, one.Queue, MustBeExpired: true);
        var taken = Value(await authority.ClaimAsync(new Claim(other.Incarnation, owned, [expired]), default));

        taken.ShouldAllBe(row => row.Term == 2 && row.Owner == other.Incarnation);
        taken.Length.ShouldBe(owned.Length);
        Value(await authority.RenewAsync(one, default)).Own.ShouldBeEmpty();
    }

    [Fact]
    public async Task Claim_FromAnOwnerWhoseLockIsFree_TakesItsShardsWhileItsQueueIsAsSeen()
    {
        await using var authority = await OpenAsync();
        var (one, other) = (Row("one"), Row("other"));
        var owned = await OwnedAsync(authority, one, other);
        Value(await authority.IsLockFreeAsync(one.Incarnation, default)).ShouldBeFalse();
        await KillAsync(authority, one.Incarnation);
        Value(await authority.IsLockFreeAsync(one.Incarnation, default)).ShouldBeTrue();

        var otherQueue = new ClaimGround(one.Incarnation, new BusAddress("another"), MustBeExpired: false);
        Value(await authority.ClaimAsync(new Claim(other.Incarnation, owned, [otherQueue]), default)).ShouldBeEmpty();
        var asSeen = new ClaimGround(one.Incarnation, one.Queue, MustBeExpired: false);
        Value(await authority.ClaimAsync(new Claim(other.Incarnation, owned, [asSeen]), default)).Length.ShouldBe(owned.Length);
    }

    [Fact]
    public async Task Claim_FromAnOwnerThatHasLeft_TakesItsShards()
    {
        await using var authority = await OpenAsync();
        var (one, other) = (Row("one"), Row("other"));
        var owned = await OwnedAsync(authority, one, other);
        await authority.LeaveAsync(one.Incarnation, default);

        Value(await authority.ClaimAsync(new Claim(other.Incarnation, owned, []), default)).Length.ShouldBe(owned.Length);
    }

    [Fact]
    public async Task Claim_OfOnesOwnShard_RaisesItsTerm()
    {
        await using var authority = await OpenAsync();
        var (one, other) = (Row("one"), Row("other"));
        var owned = await OwnedAsync(authority, one, other);

        Value(await authority.ClaimAsync(new Claim(one.Incarnation, owned[..1], []), default)).Single().Term.ShouldBe(2);
    }

    [Fact]
    public async Task Release_UnderItsTerm_LeavesTheShardToAnybody()
    {
        await using var authority = await OpenAsync();
        var (one, other) = (Row("one"), Row("other"));
        var owned = await OwnedAsync(authority, one, other);

        Value(await authority.ReleaseAsync([new ShardTerm(owned[0].Shard, 1)], default)).ShouldBeTrue();
        Value(await authority.ReleaseAsync([new ShardTerm(owned[1].Shard, 7)], default)).ShouldBeFalse();

        var rows = Value(await authority.ReadAsync(default));
        rows[0].Owner.ShouldBeNull();
        rows[0].Term.ShouldBe(1);
        rows[1].Owner.ShouldBe(one.Incarnation);
        Value(await authority.ClaimAsync(new Claim(other.Incarnation, rows[..1], []), default)).Single().Term.ShouldBe(2);
    }

    [Fact]
    public async Task SetHolders_UnderItsTerm_IsSeenByAll()
    {
        await using var authority = await OpenAsync();
        var (one, other) = (Row("one"), Row("other"));
        var owned = await OwnedAsync(authority, one, other);
        Incarnation[] both = [one.Incarnation, other.Incarnation];

        Value(await authority.SetHoldersAsync(new ShardTerm(owned[0].Shard, 1), both, default)).ShouldBeTrue();
        Value(await authority.SetHoldersAsync(new ShardTerm(owned[1].Shard, 2), both, default)).ShouldBeFalse();

        var rows = Value(await authority.ReadAsync(default));
        rows[0].Holders.ShouldBe(both);
        rows[1].Holders.ShouldBe([one.Incarnation]);
    }

    [Fact]
    public async Task Renew_WithAnotherRow_ShowsItToTheOthers()
    {
        await using var authority = await OpenAsync();
        var (one, other) = (Row("one"), Row("other"));
        await authority.RenewAsync(one, default);
        var later = one with { Queue = null, State = NodeState.Leaving, IsBusOk = false, Version = 2, Url = "http://elsewhere" };

        Value(await authority.RenewAsync(later, default)).Live.ShouldBe([later]);
        Value(await authority.RenewAsync(other, default)).Live.ShouldBe([later, other], ignoreOrder: true);
    }

    [Fact]
    public async Task Renew_OfANodeThatWasForgotten_ShowsItWhatItOwnsStill()
    {
        await using var authority = await OpenAsync();
        var (one, other) = (Row("one"), Row("other"));
        var owned = await OwnedAsync(authority, one, other);
        await PassAsync(TimeSpan.FromSeconds(70));
        await authority.RenewAsync(other, default);
        Value(await authority.ClaimAsync(new Claim(other.Incarnation, owned[..1], []), default)).Length.ShouldBe(1);

        Value(await authority.RenewAsync(one, default)).Own.ShouldBe(
            owned[1..].Select(row => new ShardTerm(row.Shard, 1)), ignoreOrder: true);
    }

    [Fact]
    public async Task DirectoryVersion_GrowsWithEachChangeAndWithNothingElse()
    {
        await using var authority = await OpenAsync();
        var (one, other) = (Row("one"), Row("other"));
        var owned = await OwnedAsync(authority, one, other);
        var current = new ShardTerm(owned[0].Shard, 1);
        var past = new ShardTerm(owned[0].Shard, 0);

        var version = await VersionAsync();
        await authority.ClaimAsync(new Claim(other.Incarnation, owned, []), default);
        await authority.SetHoldersAsync(past, [other.Incarnation], default);
        await authority.ReleaseAsync([past], default);
        (await VersionAsync()).ShouldBe(version);

        await authority.SetHoldersAsync(current, [one.Incarnation, other.Incarnation], default);
        (await VersionAsync()).ShouldBeGreaterThan(version);
        version = await VersionAsync();
        await authority.ReleaseAsync([current], default);
        (await VersionAsync()).ShouldBeGreaterThan(version);

        async Task<long> VersionAsync() => Value(await authority.RenewAsync(one, default)).DirectoryVersion;
    }

    [Fact]
    public async Task Claim_FromAnOwnerThatHasReconnectedSince_TakesNothing()
    {
        await using var authority = await OpenAsync();
        var (one, other) = (Row("one"), Row("other"));
        var owned = await OwnedAsync(authority, one, other);
        var asSeen = new ClaimGround(one.Incarnation, one.Queue, MustBeExpired: false);

        await authority.RenewAsync(one with { Queue = new BusAddress("queue-one-2") }, default);
        Value(await authority.ClaimAsync(new Claim(other.Incarnation, owned, [asSeen]), default)).ShouldBeEmpty();
        await authority.RenewAsync(one with { Queue = null }, default);
        Value(await authority.ClaimAsync(new Claim(other.Incarnation, owned, [asSeen]), default)).ShouldBeEmpty();

        var withoutQueue = asSeen with { Queue = null };
        Value(await authority.ClaimAsync(new Claim(other.Incarnation, owned, [withoutQueue]), default)).Length.ShouldBe(owned.Length);
    }

    [Fact]
    public async Task Claim_FromAnOwnerThatIsBackFromItsLeasesEnd_TakesNothing()
    {
        await using var authority = await OpenAsync();
        var (one, other) = (Row("one"), Row("other"));
        var owned = await OwnedAsync(authority, one, other);
        await PassAsync(TimeSpan.FromSeconds(6));
        await authority.RenewAsync(other, default);
        await authority.RenewAsync(one, default);

        var expired = new ClaimGround(one.Incarnation, one.Queue, MustBeExpired: true);
        Value(await authority.ClaimAsync(new Claim(other.Incarnation, owned, [expired]), default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Claim_WithoutAGround_TakesFromAnExpiredOwnerOnlyWhenItIsForgotten()
    {
        await using var authority = await OpenAsync();
        var (one, other) = (Row("one"), Row("other"));
        var owned = await OwnedAsync(authority, one, other);

        await PassAsync(TimeSpan.FromSeconds(60));
        await authority.RenewAsync(other, default);
        Value(await authority.ClaimAsync(new Claim(other.Incarnation, owned, []), default)).ShouldBeEmpty();

        await PassAsync(TimeSpan.FromSeconds(10));
        await authority.RenewAsync(other, default);
        Value(await authority.ClaimAsync(new Claim(other.Incarnation, owned, []), default)).Length.ShouldBe(owned.Length);
    }

    [Fact]
    public async Task Claim_FromSeveralOwners_TakesWhereItsGroundsHold()
    {
        await using var authority = await OpenAsync();
        var (one, two, other) = (Row("one"), Row("two"), Row("other"));
        await OwnedAsync(authority, one, other);
        await authority.RenewAsync(two, default);
        var rows = Value(await authority.ReadAsync(default));
        await authority.ClaimAsync(new Claim(two.Incarnation, rows[4..8], []), default);
        rows = Value(await authority.ReadAsync(default));

        var oneIsGone = new ClaimGround(one.Incarnation, one.Queue, MustBeExpired: false);
        var twoHasExpired = new ClaimGround(two.Incarnation, two.Queue, MustBeExpired: true);
        var taken = Value(await authority.ClaimAsync(new Claim(other.Incarnation, [.. rows.Reverse()], [twoHasExpired, oneIsGone]), default));

        taken.Select(row => row.Shard.Value).ShouldBe([0, 1, 2, 3, .. Enumerable.Range(8, Shards - 8)], ignoreOrder: true);
        taken.ShouldAllBe(row => row.Term == rows[row.Shard.Value].Term + 1 && row.Holders.SequenceEqual(rows[row.Shard.Value].Holders.DefaultIfEmpty(other.Incarnation)));
        Value(await authority.RenewAsync(two, default)).Own.Count.ShouldBe(4);
    }

    [Fact]
    public async Task OldTerm_AfterAnothersClaim_ChangesNothing()
    {
        await using var authority = await OpenAsync();
        var (one, other) = (Row("one"), Row("other"));
        var owned = await OwnedAsync(authority, one, other);
        var ground = new ClaimGround(one.Incarnation, one.Queue, MustBeExpired: false);
        var taken = Value(await authority.ClaimAsync(new Claim(other.Incarnation, owned[..1], [ground]), default));

        var old = new ShardTerm(owned[0].Shard, owned[0].Term);
        Value(await authority.SetHoldersAsync(old, [one.Incarnation], default)).ShouldBeFalse();
        Value(await authority.ReleaseAsync([old], default)).ShouldBeFalse();

        var row = Value(await authority.ReadAsync(default))[0];
        row.Owner.ShouldBe(other.Incarnation);
        row.Term.ShouldBe(taken[0].Term);
        row.Holders.ShouldBe([one.Incarnation]);   // until the new owner has what it holds
    }

    [Fact]
    public async Task Release_OfSome_ReleasesThoseWhoseTermIsRight()
    {
        await using var authority = await OpenAsync();
        var (one, other) = (Row("one"), Row("other"));
        var owned = await OwnedAsync(authority, one, other);

        Value(await authority.ReleaseAsync([new ShardTerm(owned[2].Shard, 1), new ShardTerm(owned[1].Shard, 9)], default)).ShouldBeFalse();

        var rows = Value(await authority.ReadAsync(default));
        rows[2].Owner.ShouldBeNull();
        rows[2].Holders.ShouldBe([one.Incarnation]);
        rows[1].Owner.ShouldBe(one.Incarnation);
        Value(await authority.SetHoldersAsync(new ShardTerm(owned[2].Shard, 1), [one.Incarnation], default)).ShouldBeFalse();
    }

    [Fact]
    public async Task Leave_TakesItsRowAndItsLockAway()
    {
        await using var authority = await OpenAsync();
        var (one, other) = (Row("one"), Row("other"));
        await authority.RenewAsync(one, default);

        await authority.LeaveAsync(one.Incarnation, default);

        Value(await authority.IsLockFreeAsync(one.Incarnation, default)).ShouldBeTrue();
        Value(await authority.RenewAsync(other, default)).Live.ShouldBe([other]);
    }

    [Fact]
    public async Task Leave_TakesItsNameFromAmongTheHolders()
    {
        await using var authority = await OpenAsync();
        var (one, other) = (Row("one"), Row("other"));
        var owned = await OwnedAsync(authority, one, other);
        await authority.SetHoldersAsync(new ShardTerm(owned[0].Shard, 1), [one.Incarnation, other.Incarnation], default);
        var version = Value(await authority.RenewAsync(other, default)).DirectoryVersion;

        await authority.LeaveAsync(one.Incarnation, default);

        var rows = Value(await authority.ReadAsync(default));
        rows[0].Holders.ShouldBe([other.Incarnation]);
        rows.Skip(1).ShouldAllBe(row => row.Holders.Count == 0);
        Value(await authority.RenewAsync(other, default)).DirectoryVersion.ShouldBeGreaterThan(version);
    }

    [Fact]
    public async Task IsLockFree_AskedOften_LeavesTheLockToItsHolder()
    {
        await using var authority = await OpenAsync();
        var one = Row("one");
        Value(await authority.IsLockFreeAsync(one.Incarnation, default)).ShouldBeTrue();
        await authority.RenewAsync(one, default);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            Task.Run(async () => Value(await authority.IsLockFreeAsync(one.Incarnation, default)))));

        answers.ShouldAllBe(isFree => !isFree);
    }

    protected static NodeRow Row(string name) => new(
        Incarnation.New(), name, $"http://{name}", new BusAddress($"queue-{name}"), Version: 1, NodeState.Up, IsBusOk: true);

    protected static T Value<T>(Answer<T> answer) => answer.ShouldBeOfType<Answer<T>.Done>().Value;

    private static async Task<ShardRow[]> OwnedAsync(IAuthority authority, NodeRow owner, NodeRow other)
    {
        await authority.RenewAsync(owner, default);
        await authority.RenewAsync(other, default);
        var rows = Value(await authority.ReadAsync(default));
        return Value(await authority.ClaimAsync(new Claim(owner.Incarnation, rows[..4], []), default));
    }
}
