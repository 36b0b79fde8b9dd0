using Broker.Actors.Cluster;
using Broker.TestKit.Proxies;
using Broker.TestKit.Servers;

namespace Broker.Cluster.RabbitMq.Tests;

/// <summary>The contract, through a proxy that resets the connections.</summary>
[Trait("Needs", "rabbitmq")]
public sealed class ProxiedBusTests(RabbitMqFixture rabbit) : BusContract(rabbit), IAsyncDisposable
{
    private readonly Dictionary<INodeBus, FaultProxy> _proxies = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _proxies.Values)
        {
            await proxy.DisposeAsync();
        }
    }

    protected override async ValueTask<INodeBus> CreateAsync()
    {
        var proxy = new FaultProxy((await ServerAsync()).EndPoint);
        var bus = Create(proxy.EndPoint, "proxied");
        _proxies.Add(bus, proxy);
        return bus;
    }

    protected override ValueTask BreakAsync(INodeBus bus)
    {
        _proxies[bus].Break();
        return ValueTask.CompletedTask;
    }
}
