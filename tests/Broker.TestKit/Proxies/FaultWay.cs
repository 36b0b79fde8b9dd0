namespace Broker.TestKit.Proxies;

/// <summary>Somebody's way to a service, over a proxy to each of its servers: what befalls it befalls all of them.</summary>
public sealed class FaultWay(params IReadOnlyList<int> ports) : IAsyncDisposable
{
    /// <summary>In the order of the servers' ports.</summary>
    public IReadOnlyList<FaultProxy> Proxies { get; } = [.. ports.Select(port => new FaultProxy(port))];

    /// <summary>True between <see cref="Cut"/> and <see cref="Heal"/>.</summary>
    public bool IsCut { get; private set; }

    /// <summary><see cref="FaultProxy.Break"/></summary>
    public void Break() => All(static proxy => proxy.Break());

    /// <summary><see cref="FaultProxy.Cut"/></summary>
    public void Cut()
    {
        IsCut = true;
        All(static proxy => proxy.Cut());
    }

    /// <summary><see cref="FaultProxy.HalfOpen"/></summary>
    public void HalfOpen(FlowDirection ways = FlowDirection.Both) => All(proxy => proxy.HalfOpen(ways));

    /// <summary><see cref="FaultProxy.Delay"/></summary>
    public void Delay(TimeSpan delay) => All(proxy => proxy.Delay(delay));

    /// <summary><see cref="FaultProxy.Heal"/></summary>
    public void Heal()
    {
        IsCut = false;
        All(static proxy => proxy.Heal());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in Proxies)
        {
            await proxy.DisposeAsync();
        }
    }

    private void All(Action<FaultProxy> action)
    {
        foreach (var proxy in Proxies)
        {
            action(proxy);
        }
    }
}
