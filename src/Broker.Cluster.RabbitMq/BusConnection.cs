using Broker.Actors.Cluster;
using RabbitMQ.Client;

namespace Broker.Cluster.RabbitMq;

/// <summary>One life of the bus: its connections, and the queue that is this node's address.</summary>
internal sealed class BusConnection(
    RabbitMqOptions options, RabbitMqClient client, SerialSink sink, RabbitMqCounters counters, TimeProvider time) : ILife
{
    /// <summary>For what waits when the bus is stopped.</summary>
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(1);

    private readonly ConnectionPair _connections = new(client, counters, time);
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _lost = new();
    private readonly Reports _reports = new();
    private Publisher? _publisher;
    private Acknowledger? _acknowledger;
    private BusAddress _self;

    /// <summary>Where this node is reached.</summary>
    public BusAddress Self => _self;

    /// <summary>Of RabbitMQ, for people.</summary>
    public string Node => _connections.Node;

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _connections.OpenAsync(cancellationToken);
        _publisher = new Publisher(options, _connections, counters, _reports);
        await _publisher.OpenAsync(cancellationToken);

        var channel = await _connections.ConsumingChannelAsync(options.Prefetch, cancellationToken);
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

    /// <summary>Carries messages; when it is to stop, what waits still goes out.</summary>
    public async Task<string> RunAsync(CancellationToken stop)
    {
        sink.Begin(this, _self);
        _begun.SetResult();
        var publishing = _connections.EndOnFaultAsync(_publisher!.RunAsync(_lost.Token));
        var others = Task.WhenAll(
            _connections.EndOnFaultAsync(_acknowledger!.RunAsync(_lost.Token)), _connections.EndOnFaultAsync(_reports.PassOnAsync(sink, this)));
        var why = await _connections.UntilOverAsync(stop);
        _publisher.Close();
        if (_connections.IsStopped)
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

    /// <summary>It is lost.</summary>
    public void End(string why) => _connections.End(why);

    /// <summary>The queue goes with its connection, and what is sent to it then comes back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _lost.CancelAsync();
        _begun.TrySetResult();
        await _connections.DisposeAsync();
        _acknowledger?.Dispose();
        _lost.Dispose();
    }
}
