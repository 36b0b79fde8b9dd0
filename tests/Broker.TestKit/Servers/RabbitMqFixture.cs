namespace Broker.TestKit.Servers;

/// <summary>One RabbitMQ for all tests of a run, started by the first that asks. A test that stops or pauses one starts its own.</summary>
public sealed class RabbitMqFixture : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private Task<RabbitMqServer>? _server;

    public Task<RabbitMqServer> ServerAsync()
    {
        lock (_gate)
        {
            return _server ??= RabbitMqServer.StartAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // One that did not start has told the tests so, and is gone.
        if (_server is { IsCompletedSuccessfully: true } server)
        {
            await (await server).DisposeAsync();
        }
    }
}
