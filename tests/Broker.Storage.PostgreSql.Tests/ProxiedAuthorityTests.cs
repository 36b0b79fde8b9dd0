using Broker.Actors.Cluster;
using Broker.Messages;
using Broker.TestKit.Cluster;
using Broker.TestKit.Proxies;
using Broker.TestKit.Servers;

namespace Broker.Storage.PostgreSql.Tests;

/// <summary>The same promises over a network that is slow.</summary>
[Trait("Needs", "postgresql")]
public sealed class ProxiedAuthorityTests(PostgreSqlFixture fixture) : AuthorityContract, IAsyncDisposable
{
    private TestDatabase? _database;
    private FaultProxy? _proxy;

    public async ValueTask DisposeAsync()
    {
        if (_proxy is { } proxy)
        {
            await proxy.DisposeAsync();
        }
    }

    protected override async ValueTask<IAuthority> OpenAsync()
    {
        var database = _database = await TestDatabase.CreateAsync(fixture);
        var proxy = _proxy = new FaultProxy(database.Server.Port);
        proxy.Delay(TimeSpan.FromMilliseconds(5));
        return new NodesApart(() => database.Open(Shards, proxy.Port));
    }

    protected override async ValueTask PassAsync(TimeSpan time) => await _database!.PassAsync(time);

    protected override async ValueTask KillAsync(IAuthority authority, Incarnation node)
    {
        await ((NodesApart)authority).KillAsync(node);
        await _database!.UnlockedAsync(node);
    }
}
