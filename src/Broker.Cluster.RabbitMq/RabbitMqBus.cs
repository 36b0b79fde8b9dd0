using Broker.Actors.Cluster;
using Microsoft.Extensions.Logging;

namespace Broker.Cluster.RabbitMq;

/// <summary>
/// A node's bus over RabbitMQ: one exclusive queue of the node's own, which is its address; a new one after each loss of the
/// connection. Connects again by itself, for as long as it takes. What waits is bounded on both sides.
/// </summary>
public sealed partial class RabbitMqBus : INodeBus
{
    private readonly CancellationTokenSource _stop = new();
    private readonly RabbitMqOptions _options;
    private readonly RabbitMqClient _client;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile BusConnection? _connection;
    private SerialSink? _sink;
    private Task _running = Task.CompletedTask;

    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    public RabbitMqBus(RabbitMqOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _client = new RabbitMqClient(options);
        _time = time;
        _logger = loggers.CreateLogger<RabbitMqBus>();
    }

    public RabbitMqCounters Counters { get; } = new();

    /// <summary>The RabbitMQ node that it is connected to; for people, and tests.</summary>
    internal string? Node => _connection?.Node;

    public void Start(IBusSink sink)
    {
        _sink = new SerialSink(sink, LogSinkFault);
        _running = Task.Run(() => Lives.RunAsync(failure => LiveAsync(_sink, failure), _options.MaxReconnectDelay, _time, _stop.Token));
    }

    public bool TrySend(BusAddress to, SendId id, ReadOnlyMemory<byte> batch, bool confirm = false) => TrySend((BusAddress?)to, id, batch, confirm);

    public bool TryNews(ReadOnlyMemory<byte> news) => TrySend(null, default, news, confirm: false);

    /// <summary>What waits goes out, for a second at most; then the queue is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        _sink?.Stop();
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync();
        }

#pragma warning disable VSTHRD003 // Started by Start.
        await _running;
#pragma warning restore VSTHRD003
        _stop.Dispose();
    }

    private bool TrySend(BusAddress? to, SendId id, ReadOnlyMemory<byte> batch, bool confirm)
    {
        if (_connection is { } connection && connection.TrySend(to, id, batch, confirm))
        {
            return true;
        }

        Counters.Refused.Add(1);
        return false;
    }

    /// <summary>One life of the connection, from connecting to its end.</summary>
    /// <returns>False: it could not be made.</returns>
    private async Task<bool> LiveAsync(SerialSink sink, LogLevel failure)
    {
        await using var connection = new BusConnection(_options, _client, sink, Counters, _time);
        if (!await TryOpenAsync(connection, failure))
        {
            return false;
        }

        await CarryAsync(connection);
        return true;
    }

    private async Task<bool> TryOpenAsync(BusConnection connection, LogLevel level)
    {
        try
        {
            await connection.OpenAsync(_stop.Token);
            return true;
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception fault)
        {
            Counters.FailedConnects.Add(1);
            var reason = Failure.Reason(fault);
            LogUnreachable(level, reason);
            return false;
        }
    }

    private async Task CarryAsync(BusConnection connection)
    {
        Counters.Connects.Add(1);
        Counters.IsConnected = true;
        LogConnected(connection.Node, connection.Self);
        _connection = connection;
        var why = await connection.RunAsync(_stop.Token);
        _connection = null;
        Counters.IsConnected = false;
        if (!_stop.IsCancellationRequested)
        {
            LogLost(connection.Node, why);
        }
    }
}
