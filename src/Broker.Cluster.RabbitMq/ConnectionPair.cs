using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Broker.Cluster.RabbitMq;

/// <summary>
/// Two connections to one RabbitMQ node: one to consume, and one to publish, which RabbitMQ does not read while it is short of memory.
/// When either ends, or any channel of theirs, the pair is over.
/// </summary>
/// <param name="counters">Are told whether RabbitMQ reads.</param>
internal sealed class ConnectionPair(RabbitMqClient client, ConnectionCounters counters, TimeProvider time) : IAsyncDisposable
{
    /// <summary>For the end of connections that are lost.</summary>
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource<string> _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IConnection? _consuming;
    private IConnection? _publishing;

    /// <summary>Of RabbitMQ, for people; empty before it is connected.</summary>
    public string Node => _consuming is { } connection ? $"{connection.Endpoint.HostName}:{connection.Endpoint.Port}" : "";

    public bool IsOver => _over.Task.IsCompleted;

    /// <summary>Whether it was over because it was to stop, and RabbitMQ is still there.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Connects. A pair that could not be connected is to be disposed too.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _consuming = await client.ConnectAsync("in", cancellationToken);
        _consuming.ConnectionShutdownAsync += OverAsync;
        _publishing = await client.ConnectBesideAsync(_consuming, "out", cancellationToken);
        _publishing.ConnectionShutdownAsync += OverAsync;
        _publishing.ConnectionBlockedAsync += (_, _) => BlockAsync(isBlocked: true);
        _publishing.ConnectionUnblockedAsync += (_, _) => BlockAsync(isBlocked: false);
    }

    /// <param name="prefetch">Messages that RabbitMQ hands over before the first is acknowledged.</param>
    public async Task<IChannel> ConsumingChannelAsync(int prefetch, CancellationToken cancellationToken)
    {
        var channel = await ChannelAsync(_consuming!, new CreateChannelOptions(false, false), cancellationToken);
        await channel.BasicQosAsync(prefetchSize: 0, (ushort)prefetch, global: false, cancellationToken);
        return channel;
    }

    /// <param name="confirms">RabbitMQ says of each message whether it has taken it.</param>
    /// <param name="tracks">A publish is waited for until RabbitMQ has said so.</param>
    public Task<IChannel> PublishingChannelAsync(bool confirms, bool tracks, CancellationToken cancellationToken) =>
        ChannelAsync(_publishing!, new CreateChannelOptions(confirms, tracks, outstandingPublisherConfirmationsRateLimiter: null), cancellationToken);

    /// <summary>It is lost. The first to say so is right.</summary>
    public void End(string why) => _over.TrySetResult(why);

    /// <summary>The same where a task fails, which ends with the pair: it never fails.</summary>
    public async Task EndOnFaultAsync(Task task)
    {
        try
        {
#pragma warning disable VSTHRD003 // Started by the caller.
            await task;
#pragma warning restore VSTHRD003
        }
        catch (Exception fault)
        {
            End(Failure.Reason(fault));
        }
    }

    /// <summary>Until it is lost, or is to stop.</summary>
    /// <returns>Why it is over.</returns>
    public async Task<string> UntilOverAsync(CancellationToken stop)
    {
        await using (stop.UnsafeRegister(static pair => ((ConnectionPair)pair!).End("stopped"), this))
        {
#pragma warning disable VSTHRD003 // Completed by whoever sees the end first.
            var why = await _over.Task;
#pragma warning restore VSTHRD003
            IsStopped = stop.IsCancellationRequested;
            return why;
        }
    }

    /// <summary>
    /// The client library may hang in any publish: none is waited for longer. But a RabbitMQ that is short of memory says so and reads on
    /// later, and that is waited for.
    /// </summary>
    /// <exception cref="TimeoutException">RabbitMQ has not read it.</exception>
    public async Task WithinTimeoutAsync(Task publishing, TimeSpan timeout, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
#pragma warning disable VSTHRD003 // Started by the caller.
                await publishing.WaitAsync(timeout, time, cancellationToken);
#pragma warning restore VSTHRD003
                return;
            }
            catch (TimeoutException) when (counters.IsBlocked && !publishing.IsCompleted)
            {
                // Once more.
            }
        }
    }

    /// <summary>Where it was to stop RabbitMQ's answer is waited for: then what was its own is gone, or another's.</summary>
    public async ValueTask DisposeAsync()
    {
        var patience = IsStopped ? client.AnswerTimeout : Goodbye;
        await RabbitMqClient.CloseAsync(_consuming, patience, time);
        await RabbitMqClient.CloseAsync(_publishing, patience, time);
        counters.IsBlocked = false;
    }

    private async Task<IChannel> ChannelAsync(IConnection connection, CreateChannelOptions options, CancellationToken cancellationToken)
    {
        var channel = await connection.CreateChannelAsync(options, cancellationToken);
        channel.ChannelShutdownAsync += OverAsync;
        return channel;
    }

    private Task OverAsync(object sender, ShutdownEventArgs why)
    {
        End(why.ReplyText);
        return Task.CompletedTask;
    }

    private Task BlockAsync(bool isBlocked)
    {
        counters.IsBlocked = isBlocked;
        return Task.CompletedTask;
    }
}
