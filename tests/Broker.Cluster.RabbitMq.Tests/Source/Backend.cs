using System.Text;
using Broker.Cluster.RabbitMq.Source;
using Broker.TestKit.Servers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;

namespace Broker.Cluster.RabbitMq.Tests.Source;

/// <summary>A backend with a queue of its own between it and sources: publishes with confirmation, reads what was put aside.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly RabbitMqServer _server;
    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private Backend(RabbitMqServer server, IConnection connection, IChannel channel)
    {
        _server = server;
        _connection = connection;
        _channel = channel;
    }

    public string Name { get; } = $"test-{Guid.NewGuid():N}";

    public IChannel Channel => _channel;

    public string Dead => Name + SourceOptions.DeadSuffix;

    public static async Task<Backend> ConnectAsync(RabbitMqServer server)
    {
        var connection = await new ConnectionFactory { Uri = server.Uri(), AutomaticRecoveryEnabled = false }.CreateConnectionAsync();
        return new Backend(server, connection, await connection.CreateChannelAsync(new CreateChannelOptions(true, true, null)));
    }

    /// <summary>Starts a source of this backend's queue, and returns when it is connected.</summary>
    public async Task<RabbitMqSource> SourceAsync(
        RecordedIngress ingress, Action<SourceOptions>? configure = null, Uri? through = null, ILoggerFactory? loggers = null, TimeProvider? time = null)
    {
        var options = new SourceOptions { ConnectionString = (through ?? _server.Uri()).ToString(), Exchange = Name, Queue = Name };
        configure?.Invoke(options);
        var source = new RabbitMqSource(options, ingress, ingress, loggers ?? NullLoggerFactory.Instance, time ?? TimeProvider.System);
        source.Start();
        await UntilAsync(() => source.Counters.IsConnected);
        return source;
    }

    public Task PublishAsync(string channel, string data, string? id = null) =>
        PublishAsync(channel, Encoding.UTF8.GetBytes(data), id is null ? new BasicProperties() : new BasicProperties { MessageId = id });

    public async Task PublishAsync(string channel, byte[] body, BasicProperties properties) =>
        await _channel.BasicPublishAsync(Name, channel, mandatory: true, properties, body);

    /// <summary>The next dead letter.</summary>
    public async Task<BasicGetResult> NextDeadAsync()
    {
        while (true)
        {
            if (await _channel.BasicGetAsync(Dead, autoAck: true) is { } dead)
            {
                return dead;
            }
        }
    }

    /// <summary>Messages in the queue that no consumer has, and those that one has.</summary>
    public async Task<uint> WaitingAsync() => await _channel.MessageCountAsync(Name);

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Delay(5, patience.Token);
        }
    }

    public static string Header(BasicGetResult dead, string name) => Encoding.UTF8.GetString((byte[])dead.BasicProperties.Headers![name]!);

    public async ValueTask DisposeAsync()
    {
        if (_channel.IsOpen)
        {
            await _channel.QueueDeleteAsync(Name);
            await _channel.QueueDeleteAsync(Dead);
            await _channel.ExchangeDeleteAsync(Name);
            await _channel.ExchangeDeleteAsync(Dead);
        }

        await _connection.DisposeAsync();
    }
}
