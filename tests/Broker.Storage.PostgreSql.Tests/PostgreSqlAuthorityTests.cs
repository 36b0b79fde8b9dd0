using Broker.Actors.Cluster;
using Broker.Messages;
using Broker.TestKit.Cluster;
using Broker.TestKit.Servers;

namespace Broker.Storage.PostgreSql.Tests;

[Trait("Needs", "postgresql")]
public sealed class PostgreSqlAuthorityTests(PostgreSqlFixture fixture) : AuthorityContract
{
    private TestDatabase? _database;

    protected override async ValueTask<IAuthority> OpenAsync()
    {
        var database = _database = await TestDatabase.CreateAsync(fixture);
        return new NodesApart(() => database.Open(Shards));
    }

    protected override async ValueTask PassAsync(TimeSpan time) => await _database!.PassAsync(time);

    protected override async ValueTask KillAsync(IAuthority authority, Incarnation node)
    {
        await ((NodesApart)authority).KillAsync(node);
        await _database!.UnlockedAsync(node);
    }
}
