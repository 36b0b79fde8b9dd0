using Broker.Actors.Cluster;
using Broker.Storage.PostgreSql.Schema;
using Broker.TestKit.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using static Broker.Storage.PostgreSql.Tests.TestRows;

namespace Broker.Storage.PostgreSql.Tests.Schema;

[Trait("Needs", "postgresql")]
public sealed class SchemaUpgradeTests(PostgreSqlFixture fixture)
{
    /// <summary>A release to come.</summary>
    private static readonly SchemaScript[] Later =
        [.. SchemaScript.All, new SchemaScript(SchemaScript.All.Count + 1, "alter table nodes add column zone text; create table journal (shard integer);")];

    [Fact]
    public void Scripts_AreNumberedWithoutGaps() =>
        SchemaScript.All.Select(script => script.Version).ShouldBe(Enumerable.Range(1, SchemaScript.All.Count));

    [Fact]
    public async Task Nodes_ThatStartAtOnce_FindOneSchema()
    {
        var database = await TestDatabase.CreateAsync(fixture);
        var nodes = Enumerable.Range(0, 8).Select(_ => database.Open()).ToArray();

        var answers = await Task.WhenAll(nodes.Select(node => node.ReadAsync(default).AsTask()));

        answers.ShouldAllBe(answer => Value(answer).Length == 16);
        (await database.RunAsync("select count(*) from broker.schema_version")).ShouldBe($"{SchemaScript.All.Count}");
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task Upgrade_WhileNodesOfTheReleaseBeforeWork_KeepsWhatIsThere()
    {
        var database = await TestDatabase.CreateAsync(fixture);
        await using var before = database.Open();
        var one = Row("one");
        Value(await before.RenewAsync(one, default));
        Value(await before.ClaimAsync(new Claim(one.Incarnation, Value(await before.ReadAsync(default)), []), default));

        var after = Enumerable.Range(0, 4).Select(_ => Open(database.Options(), Later)).ToArray();
        var rows = await Task.WhenAll(after.Select(node => node.ReadAsync(default).AsTask()));

        rows.ShouldAllBe(answer => Value(answer).All(row => row.Owner == one.Incarnation && row.Term == 1));
        (await database.RunAsync("select max(version) from broker.schema_version")).ShouldBe($"{Later.Length}");
        Value(await before.RenewAsync(one, default)).Own.Count.ShouldBe(16);
        foreach (var node in after)
        {
            await node.DisposeAsync();
        }

        await using var old = database.Open();   // started after the upgrade: a rollback
        Value(await old.ReadAsync(default)).Length.ShouldBe(16);
    }

    [Fact]
    public async Task Upgrade_ThatFails_LeavesTheSchemaAsItWas()
    {
        var database = await TestDatabase.CreateAsync(fixture);
        SchemaScript[] wrong = [.. SchemaScript.All, new SchemaScript(SchemaScript.All.Count + 1, "create table journal (shard integer); select nonsense;")];
        await using var failing = Open(database.Options(), wrong);
        await using var working = database.Open();

        (await failing.ReadAsync(default)).ShouldBeOfType<Answer<ShardRow[]>.Refused>().Reason.ShouldContain("42703");
        (await database.RunAsync("select to_regnamespace('broker') is null")).ShouldBe("t");
        Value(await working.ReadAsync(default)).Length.ShouldBe(16);
    }

    [Fact]
    public async Task Node_WithAnotherNumberOfShards_IsRefusedAndToldBoth()
    {
        var database = await TestDatabase.CreateAsync(fixture);
        await using var first = database.Open(shards: 16);
        Value(await first.ReadAsync(default));
        await using var second = database.Open(shards: 64);

        var refused = (await second.RenewAsync(Row("two"), default)).ShouldBeOfType<Answer<Renewal>.Refused>();

        refused.Reason.ShouldBe("the cluster in schema broker has 16 shards, this node is set to 64");
        (await database.RunAsync("select count(*) from broker.nodes")).ShouldBe("0");
    }

    [Fact]
    public async Task Schemas_OfOneDatabase_AreClustersApart()
    {
        var database = await TestDatabase.CreateAsync(fixture);
        await using var first = database.Open();
        var options = database.Options(shards: 8);
        options.Schema = "second";
        await using var second = new PostgreSqlAuthority(options, NullLoggerFactory.Instance);
        Value(await first.RenewAsync(Row("one"), default));
        var two = Row("two");

        Value(await second.RenewAsync(two, default)).Live.ShouldBe([two]);
        Value(await second.ReadAsync(default)).Length.ShouldBe(8);
    }

    private static PostgreSqlAuthority Open(PostgreSqlOptions options, IReadOnlyList<SchemaScript> scripts) =>
        new(options, NullLoggerFactory.Instance, scripts);
}
