using Broker.Actors.Dialects;
using Microsoft.Extensions.Logging;

namespace Broker.Cluster.RabbitMq.Source;

/// <summary>
/// Publishes what backends send over AMQP: see docs/amqp.md. Of all nodes with the same queue one is handed messages; when it
/// is lost or stops, RabbitMQ goes on with another. A message is acknowledged when its emit is, so none is lost; events of a channel
/// keep the queue's order.
/// </summary>
public sealed partial class RabbitMqSource : IAsyncDisposable
{
    /// <summary>RabbitMQ takes messages of 128 MiB by default, 512 MiB at most; what is too large is put aside, and must come in first.</summary>
    private const uint MaxMessageBytes = 512 << 20;

    private readonly SourceOptions _options;
    private readonly RabbitMqClient _client;
    private readonly IIngress _ingress;
    private readonly ISourceApps _apps;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Lives<SourceConnection> _lives;

    /// <param name="options">Have been checked.</param>
    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    public RabbitMqSource(SourceOptions options, IIngress ingress, ISourceApps apps, ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _client = new RabbitMqClient(
            new RabbitMqOptions { ConnectionString = options.ConnectionString, ConnectionName = options.ConnectionName, Heartbeat = options.Heartbeat }, MaxMessageBytes);
        _ingress = ingress;
        _apps = apps;
        _logger = loggers.CreateLogger<RabbitMqSource>();
        _time = time;
        Counters = new SourceCounters(() => _lives!.Current?.UnderWay ?? 0);
        _lives = new Lives<SourceConnection>(this, Counters, options.MaxDelay, time);
    }

    public SourceCounters Counters { get; }

    /// <summary>Connects and takes messages, again after each loss.</summary>
    public void Start() => _lives.Start(() => new SourceConnection(_options, _client, _ingress, _apps, Counters, _logger, _time));

    /// <summary>Takes no more, waits some seconds at most for answers to what is under way, and leaves the rest to other nodes. Also after it was stopped.</summary>
    public Task StopAsync() => _lives.StopAsync();

    public ValueTask DisposeAsync() => _lives.DisposeAsync();
}
