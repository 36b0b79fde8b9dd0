using Broker.Actors.Cluster;
using RabbitMQ.Client;

namespace Broker.Cluster.RabbitMq;

/// <summary>
/// One life of the bus: two connections to one RabbitMQ node, one to publish and one to consume, and the queue that is this
/// node's address. When anything of it ends, all of it does.
/// </summary>
internal sealed class BusConnection(
    RabbitMqOptions options, RabbitMqClient client, SerialSink sink, RabbitMqCounters counters, TimeProvider time) : IAsyncDisposable
{
    /// <summary>For what waits when the bus is stopped, and for the end of connections that are lost.</summary>
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource<string> _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _lost = new();
    private readonly Reports _reports = new();
    private Publisher? _publisher;
    private Acknowledger? _acknowledger;
    private IConnection? _publishing;
    private IConnection? _consuming;
    private BusAddress _self;
    private bool _isStopped;

    /// <summary>Where this node is reached.</summary>
    public BusAddress Self => _self;

    /// <summary>Of RabbitMQ, for people.</summary>
    public string Node => _consuming is { } connection ? $"{connection.Endpoint.HostName}:{connection.Endpoint.Port}" : "";

    /// <summary>Connects and makes the queue. A connection that could not be made is to be disposed too.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _consuming = await client.ConnectAsync("in", cancellationToken);
        _consuming.ConnectionShutdownAsync += (_, why) => EndAsync(why.ReplyText);
        _publishing = await client.ConnectBesideAsync(_consuming, "out", cancellationToken);
        _publishing.ConnectionShutdownAsync += (_, why) => EndAsync(why.ReplyText);
        _publisher = new Publisher(options, counters, _reports, time);
        await _publisher.OpenAsync(_publishing, End, cancellationToken);

        var channel = await _consuming.CreateChannelAsync(new CreateChannelOptions(false, false), cancellationToken);
        channel.ChannelShutdownAsync += (_, why) => EndAsync(why.ReplyText);
        await channel.BasicQosAsync(prefetchSize: 0, (ushort)options.Prefetch, global: false, cancellationToken);
        await channel.ExchangeDeclareAsync(options.NewsExchange, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        var queue = await channel.QueueDeclareAsync(
            queue: "", durable: false, exclusive: true, autoDelete: true,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["x-max-length-bytes"] = (long)options.QueueBytes,
                ["x-overflow"] = "reject-publish",
            },
            cancellationToken: cancellationToken);
        _self = new BusAddress(queue.QueueName);
        await channel.QueueBindAsync(queue.QueueName, options.NewsExchange, "", cancellationToken: cancellationToken);
        _acknowledger = new Acknowledger(channel, options.Prefetch);
        var consumer = new QueueConsumer(channel, this, sink, _acknowledger, counters, _begun.Task);
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: false, consumer, cancellationToken);
    }

    public bool TrySend(BusAddress? to, SendId id, ReadOnlyMemory<byte> batch, bool confirm) =>
        _publisher is { } publisher && publisher.TrySend(to, id, batch, confirm);

    /// <summary>Carries messages until the connection is lost, or until it is to stop: then what waits still goes out.</summary>
    /// <returns>Why it was lost.</returns>
    public async Task<string> RunAsync(CancellationToken stop)
    {
        sink.Begin(this, _self);
        _begun.SetResult();
        var publishing = EndOnFaultAsync(_publisher!.RunAsync(_lost.Token));
        var others = Task.WhenAll(EndOnFaultAsync(_acknowledger!.RunAsync(_lost.Token)), EndOnFaultAsync(_reports.PassOnAsync(sink, this)));
        await using (stop.UnsafeRegister(static over => ((TaskCompletionSource<string>)over!).TrySetResult("stopped"), _over))
        {
#pragma warning disable VSTHRD003 // Completed by whoever sees the end first.
            var why = await _over.Task;
#pragma warning restore VSTHRD003
            _publisher.Close();
            _isStopped = stop.IsCancellationRequested;
            if (_isStopped)
            {
                await Task.WhenAny(publishing, Task.Delay(Goodbye, time, CancellationToken.None));
            }

            sink.End(this);
            _reports.Close();
            await _lost.CancelAsync();
            await publishing;
            await others;
            return why;
        }
    }

    /// <summary>It is lost. The first to say so is right.</summary>
    public void End(string why) => _over.TrySetResult(why);

    public async ValueTask DisposeAsync()
    {
        await _lost.CancelAsync();
        _begun.TrySetResult();

        // The queue goes with the one that consumes. Where the bus is stopped RabbitMQ's answer is waited for: then the queue is gone, and
        // what is sent to it comes back.
        var patience = _isStopped ? options.ConnectTimeout : Goodbye;
        await RabbitMqClient.CloseAsync(_consuming, patience, time);
        await RabbitMqClient.CloseAsync(_publishing, patience, time);
        _acknowledger?.Dispose();
        _lost.Dispose();
    }

    private Task EndAsync(string why)
    {
        End(why);
        return Task.CompletedTask;
    }

    private async Task EndOnFaultAsync(Task task)
    {
        try
        {
#pragma warning disable VSTHRD003 // Started by the caller.
            await task;
#pragma warning restore VSTHRD003
        }
        catch (Exception fault)
        {
            _over.TrySetResult(Failure.Reason(fault));
        }
    }
}
