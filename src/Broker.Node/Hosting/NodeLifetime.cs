using Broker.Actors;
using Broker.Actors.Loops;
using Broker.Actors.Sessions;
using Broker.Node.Amqp;
using Broker.Node.Connections;
using Broker.Node.Settings;
using Microsoft.AspNetCore.Hosting.Server;

namespace Broker.Node.Hosting;

/// <summary>
/// Starts the loops before anybody can connect, and has every session leave before the listeners go: Kestrel would not wait
/// for sessions that it does not know.
/// </summary>
internal sealed partial class NodeLifetime(
    LocalNode node,
    DialectRoutes gate,
    SessionCount count,
    ConnectionRoom room,
    BrokerOptions options,
    DrainOptions drain,
    IServer server,
    Banner banner,
    TimeProvider time,
    ILogger<NodeLifetime> logger,
    AmqpSource? source = null) : IHostedLifecycleService
{
    /// <summary>For all closing handshakes together.</summary>
    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LeaveWithin = TimeSpan.FromSeconds(10);

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

        LogStarted(node.Loops.Count, room.Sessions, room.OpenFiles);
        if (!room.IsEnough)
        {
            LogTooFewFiles(room.WantedSessions, room.Sessions, room.OpenFiles);
        }

        banner.Write(addresses);
        source?.Start();
        return Task.CompletedTask;
    }

    /// <summary>
    /// Not ready at once, so that load balancers send nobody any more, and no source of messages, so that another node is; after a while nobody comes in, the node's shards go to other nodes, and
    /// sessions are asked to leave one after the other; at the end those are cut that have not.
    /// </summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        gate.Leave();
        LogStopping(drain.PreDrain, count.All);
        await Task.WhenAll(Task.Delay(drain.PreDrain, time, cancellationToken), source?.StopAsync() ?? Task.CompletedTask);
        gate.Close();
        await node.HandOverAsync();
        LogDraining(count.All, drain.Window);
        await node.DrainAsync(Disconnect.Shutdown, drain.Window, time, cancellationToken);
        await CloseRestAsync(cancellationToken);
        if (count.All > 0)
        {
            LogCut(count.All);
        }

        await LeaveAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        LogStopped();
        return Task.CompletedTask;
    }

    /// <summary>Takes leave of the other nodes. One that cannot, since its servers are away, goes without: its lease runs out.</summary>
    private async Task LeaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await node.LeaveAsync().WaitAsync(LeaveWithin, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            LogNotLeft(LeaveWithin);
        }
    }

    private async Task CloseRestAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(CloseWithin);
        var empty = count.WhenEmpty();
        while (!empty.IsCompleted && !limit.IsCancellationRequested)
        {
            await node.DrainAsync(Disconnect.Shutdown, TimeSpan.Zero, time, limit.Token);
            await Task.WhenAny(empty, Task.Delay(TellAgainAfter, time, limit.Token));
        }

        // What the last sessions were sent goes out at the end of their loops' ticks.
        await Task.WhenAll(node.Loops.All.Select(loop => LoopCall.RunAsync(loop, static () => { })));
        await node.LeaveAsync();
    }

    [LoggerMessage(EventId = 4001, Level = LogLevel.Information, Message = "Listening on {Address}")]
    private partial void LogListening(string address);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Information, Message = "Started with {Loops} loops; room for {Sessions} sessions, {OpenFiles} open files")]
    private partial void LogStarted(int loops, int sessions, long? openFiles);

    [LoggerMessage(EventId = 4003, Level = LogLevel.Information, Message = "Stopping: not ready any more, serving {Sessions} sessions for another {PreDrain}")]
    private partial void LogStopping(TimeSpan preDrain, int sessions);

    [LoggerMessage(EventId = 4004, Level = LogLevel.Warning, Message = "{Sessions} sessions did not answer the close in time and are cut")]
    private partial void LogCut(int sessions);

    [LoggerMessage(EventId = 4008, Level = LogLevel.Warning, Message = "Broker:Urls is set but not used: Broker:Listeners says where to listen")]
    private partial void LogUrlsUnused();

    [LoggerMessage(EventId = 4006, Level = LogLevel.Information, Message = "Letting nobody in; asking {Sessions} sessions to reconnect, over {Window} at most")]
    private partial void LogDraining(int sessions, TimeSpan window);

    [LoggerMessage(EventId = 4007, Level = LogLevel.Warning,
        Message = "The settings ask for room for {Wanted} sessions, but {OpenFiles} open files have room for {Sessions} only: raise the hard limit, such as LimitNOFILE= of systemd")]
    private partial void LogTooFewFiles(int wanted, int sessions, long? openFiles);

    [LoggerMessage(EventId = 4009, Level = LogLevel.Warning, Message = "The node could not take its leave of the others within {Limit}: its lease runs out by itself")]
    private partial void LogNotLeft(TimeSpan limit);

    [LoggerMessage(EventId = 4005, Level = LogLevel.Information, Message = "Stopped")]
    private partial void LogStopped();
}
