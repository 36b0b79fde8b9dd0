namespace Broker.TestKit.Servers;

/// <summary>One PostgreSQL for all tests of a run, started by the first that asks; each takes a database of its own.</summary>
public sealed class PostgreSqlFixture : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private Task<PostgreSqlServer>? _server;
    private int _databases;

    /// <summary>Shared: a test that stops or pauses one starts its own.</summary>
    public Task<PostgreSqlServer> ServerAsync()
    {
        lock (_gate)
        {
            return _server ??= PostgreSqlServer.StartAsync();
        }
    }

    /// <returns>The name of a new, empty database.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await (await ServerAsync()).CreateDatabaseAsync(name);
        return name;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            await (await server).DisposeAsync();
        }
    }
}
