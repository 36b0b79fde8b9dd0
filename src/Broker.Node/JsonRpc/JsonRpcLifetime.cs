namespace Broker.Node.JsonRpc;

/// <summary>Has a node that goes down wait until services have been told that their connections have closed.</summary>
internal sealed partial class JsonRpcLifetime(JsonRpcServices services, TimeProvider time, ILogger<JsonRpcLifetime> logger) : IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The sessions have closed before.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(services.All.Select(service => service.WhenEmpty())).WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            LogLeft(services.All.Sum(service => service.Running));
        }
    }

    [LoggerMessage(EventId = 4501, Level = LogLevel.Warning, Message = "{Services} services are still busy and are left where they are")]
    private partial void LogLeft(int services);
}
