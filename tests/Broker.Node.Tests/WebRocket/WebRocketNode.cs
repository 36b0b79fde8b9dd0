using Broker.Node.Tests.Cluster;

namespace Broker.Node.Tests.WebRocket;

/// <summary>One node for all of a class's tests: they bring names of channels of their own.</summary>
public sealed class WebRocketNode : IAsyncLifetime
{
    internal ServerUnderTest Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await ServerUnderTest.StartAsync(Where.Node, shared: null);

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();
}
