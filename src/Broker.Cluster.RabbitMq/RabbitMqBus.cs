using Broker.Actors.Cluster;
using Microsoft.Extensions.Logging;

namespace Broker.Cluster.RabbitMq;

/// <summary>
/// A node's bus over RabbitMQ: one exclusive queue of the node's own, which is its address; a new one after each loss of the
/// connection. Connects again by itself, for as long as it takes. What waits is bounded on both sides.
/// </summary>
public sealed partial class RabbitMqBus : INodeBus
{
    private readonly RabbitMqOptions _options;
    private readonly RabbitMqClient _client;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lives<BusConnection> _lives;
    private SerialSink? _sink;

    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    public RabbitMqBus(RabbitMqOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _client = new RabbitMqClient(options);
        _time = time;
        _logger = loggers.CreateLogger<RabbitMqBus>();
        _lives = new Lives<BusConnection>(this, Counters, options.MaxReconnectDelay, time);
    }

    public RabbitMqCounters Counters { get; } = new();

    /// <summary>The RabbitMQ node that it is connected to; for people, and tests.</summary>
    internal string? Node => _lives.Current?.Node;

    public void Start(IBusSink sink)
    {
        var serial = _sink = new SerialSink(sink, LogSinkFault);
        _lives.Start(() => new BusConnection(_options, _client, serial, Counters, _time));
    }

    public bool TrySend(BusAddress to, SendId id, ReadOnlyMemory<byte> batch, bool confirm = false) => TrySend((BusAddress?)to, id, batch, confirm);

    public bool TryNews(ReadOnlyMemory<byte> news) => TrySend(null, default, news, confirm: false);

    /// <summary>What waits goes out, for a second at most; then the queue is gone.</summary>
    public ValueTask DisposeAsync()
    {
        _sink?.Stop();
        return _lives.DisposeAsync();
    }

    private bool TrySend(BusAddress? to, SendId id, ReadOnlyMemory<byte> batch, bool confirm)
    {
        if (_lives.Current is { } connection && connection.TrySend(to, id, batch, confirm))
        {
            return true;
        }

        Counters.Refused.Add(1);
        return false;
    }
}
