namespace Broker.Node.Tests.JsonRpc;

/// <summary>One node for all vectors: each has connections of its own.</summary>
public sealed class VectorNode : IAsyncLifetime
{
    public ServicesNode Node { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Node = await ServicesNode.StartAsync();

    public ValueTask DisposeAsync() => Node.DisposeAsync();
}
