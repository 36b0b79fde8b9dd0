using Broker.Actors;
using Broker.Actors.Loops;
using Broker.Actors.Sessions;
using Broker.Node.Connections;
using Broker.Node.Settings;
using Broker.Transport;
using Microsoft.AspNetCore.Hosting.Server;

namespace Broker.Node.Hosting;

/// <summary>
/// Starts the loops before anybody can connect, and closes every session before the listeners go: Kestrel would not wait
/// for sessions that it does not know.
/// </summary>
internal sealed partial class NodeLifetime(
    LocalNode node, DialectRoutes gate, SessionCount count, BrokerOptions options, IServer server, Banner banner, ILogger<NodeLifetime> logger) : IHostedLifecycleService
{
    /// <summary>For all closing handshakes together.</summary>
    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(5);

    // A session whose handshake was under way when the gate closed may open after the others have been told.
    private static readonly TimeSpan TellAgainAfter = TimeSpan.FromMilliseconds(200);

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        node.Start();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var addresses = ServerAddresses.Of(server);
        foreach (var address in addresses)
        {
            LogListening(address);
        }

        if (options.Urls is not null && options.Listeners.Count > 0)
        {
            LogUrlsUnused();
        }

        var openFiles = OpenFiles.Raise();
        LogStarted(node.Loops.Count, count.Max, openFiles);
        banner.Write(addresses);
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        gate.Close();
        LogStopping(count.All);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(CloseWithin);
        var empty = count.WhenEmpty();
        while (!empty.IsCompleted && !limit.IsCancellationRequested)
        {
            await node.CloseAllAsync(Disconnect.Shutdown);
            await Task.WhenAny(empty, Task.Delay(TellAgainAfter, limit.Token));
        }

        // What the last sessions were sent goes out at the end of their loops' ticks.
        await Task.WhenAll(node.Loops.All.Select(loop => LoopCall.RunAsync(loop, static () => { })));
        if (count.All > 0)
        {
            LogCut(count.All);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        LogStopped();
        return Task.CompletedTask;
    }

    [LoggerMessage(EventId = 4001, Level = LogLevel.Information, Message = "Listening on {Address}")]
    private partial void LogListening(string address);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Information, Message = "Started with {Loops} loops; room for {Sessions} sessions, {OpenFiles} open files")]
    private partial void LogStarted(int loops, int sessions, long? openFiles);

    [LoggerMessage(EventId = 4003, Level = LogLevel.Information, Message = "Stopping: closing {Sessions} sessions")]
    private partial void LogStopping(int sessions);

    [LoggerMessage(EventId = 4004, Level = LogLevel.Warning, Message = "{Sessions} sessions did not answer the close in time and are cut")]
    private partial void LogCut(int sessions);

    [LoggerMessage(EventId = 4006, Level = LogLevel.Warning, Message = "Broker:Urls is set but not used: Broker:Listeners says where to listen")]
    private partial void LogUrlsUnused();

    [LoggerMessage(EventId = 4005, Level = LogLevel.Information, Message = "Stopped")]
    private partial void LogStopped();
}
