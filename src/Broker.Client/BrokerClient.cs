using System.Security.Cryptography;
using System.Text.Json.Serialization.Metadata;
using Broker.Client.Connections;
using Broker.Client.Protocol;
using Broker.Client.Requests;
using Broker.Client.Subscriptions;

namespace Broker.Client;

/// <summary>
/// One client of the broker over one WebSocket, in its native dialect. Connects at the first thing that is asked of it, and again whenever the connection is lost, as
/// long as the broker does not say otherwise; subscriptions and unanswered requests outlive connections. Safe for use by many threads.
/// </summary>
/// <remarks>
/// Every request has a time limit, in which it waits for a connection and is repeated when the connection is lost or the broker cannot take it now. What
/// a request throws: <see cref="BrokerRefusedException"/>, <see cref="BrokerTimeoutException"/>, <see cref="BrokerClosedException"/>,
/// <see cref="BrokerQueueFullException"/>, all of them <see cref="BrokerException"/>; <see cref="OperationCanceledException"/> when its token is cancelled, which
/// does not undo what was sent; <see cref="ArgumentException"/> for what no broker would take.
/// </remarks>
public sealed class BrokerClient : IAsyncDisposable
{
    private readonly BrokerClientOptions _options;
    private readonly Errands _errands = new();
    private readonly SubscriptionRoom _room;
    private readonly Outbox _outbox;
    private readonly ClientLife _life;
    private readonly Lock _gate = new();
    private Task? _living;
    private bool _isDisposed;

    /// <exception cref="ArgumentException">An option is out of its range, or two exclude each other.</exception>
    public BrokerClient(BrokerClientOptions options)
        : this(options, new WebSocketConnector(options))
    {
    }

    internal BrokerClient(BrokerClientOptions options, IConnector connector)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        var ids = new RequestIds();
        _room = new SubscriptionRoom(options, _errands);
        _outbox = new Outbox(options, ids);
        _life = new ClientLife(options, connector, ids, _room, _outbox);
    }

    /// <summary>What the client is doing.</summary>
    public BrokerClientState State => _life.State;

    /// <summary>Waits for a connection. It need not be called: whatever is asked of the client connects too.</summary>
    /// <exception cref="BrokerTimeoutException">There was none within <see cref="BrokerClientOptions.RequestTimeout"/>; its inner exception says why. The client goes on trying.</exception>
    /// <exception cref="BrokerClosedException">The broker says not to come back, or the client was disposed.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        Start();
        try
        {
            await _life.Ready.WaitAsync(_options.RequestTimeout, _options.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw _outbox.TimedOut(_options.RequestTimeout, mayHaveBeenDone: false);
        }
    }

    /// <summary>
    /// Subscribes to a channel, now or as soon as there is a connection, and again on each new one. <c>await foreach</c> reads it; its end, or disposing it,
    /// unsubscribes. What comes before it is read waits, see <see cref="SubscribeOptions.BufferedItems"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The client is subscribed to the channel already.</exception>
    /// <exception cref="BrokerClosedException">The client does not come back.</exception>
    public BrokerSubscription Subscribe(string channel, SubscribeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(channel);
        options ??= new SubscribeOptions();
        options.Validate();
        Start();
        return _room.Add(channel, options);
    }

    /// <summary>
    /// Publishes an event; returns when it is as safe as its channel promises. It is on its way, or queued in its place, when the call returns its task, so that events
    /// keep the order of the calls; one that the broker could not take at first may come after later ones. Repeated with its key when the
    /// connection is lost before the answer, so that it happens once.
    /// </summary>
    /// <exception cref="BrokerTimeoutException">See <see cref="BrokerTimeoutException.MayHaveBeenDone"/>; it can be published again with the same key.</exception>
    public async Task<Published> PublishAsync(
        string channel, string name, JsonData data, PublishOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(name);
        var limit = options?.Timeout ?? _options.PublishTimeout;
        Check.Duration(limit, nameof(PublishOptions.Timeout));
        Start();
        var parameters = new NativeParams.Publish(channel, name, data, options?.IdempotencyKey ?? NewKey(), options?.Token);
        var result = await _outbox.AskAsync(
            "publish", parameters, ClientJson.Default.Publish, ClientJson.Default.PublishedResult, isRepeatable: false, limit, cancellationToken).ConfigureAwait(false);
        return Published.Of(result);
    }

    /// <summary>Publishes a value as a source-generated serializer writes it.</summary>
    /// <inheritdoc cref="PublishAsync(string, string, JsonData, PublishOptions?, CancellationToken)"/>
    public Task<Published> PublishAsync<T>(
        string channel, string name, T data, JsonTypeInfo<T> type, PublishOptions? options = null, CancellationToken cancellationToken = default) =>
        PublishAsync(channel, name, JsonData.Of(data, type), options, cancellationToken);

    /// <summary>Reads a channel's history.</summary>
    public async Task<HistoryPage> HistoryAsync(string channel, HistoryOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        options ??= new HistoryOptions();
        options.Validate();
        Start();
        var parameters = new NativeParams.History(channel, options.Since, options.Limit, options.Direction, options.Token);
        return HistoryPage.Of(await _outbox.AskAsync(
            "history", parameters, ClientJson.Default.History, ClientJson.Default.Page, isRepeatable: true, _options.RequestTimeout, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Asks who is in a channel.</summary>
    /// <param name="token">A token for the channel, where the channel asks for one.</param>
    public async Task<PresenceReport> PresenceAsync(string channel, string? token = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        Start();
        return await _outbox.AskAsync(
            "presence",
            new NativeParams.Presence(channel, token),
            ClientJson.Default.Presence,
            ClientJson.Default.PresenceReport,
            isRepeatable: true,
            _options.RequestTimeout,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks whether the broker is there; how long the answer took.</summary>
    public async Task<TimeSpan> PingAsync(CancellationToken cancellationToken = default)
    {
        Start();
        var started = _options.Time.GetTimestamp();
        await _outbox.AskAsync(
            "ping",
            new NativeParams.Ping(),
            ClientJson.Default.Ping,
            ClientJson.Default.Nothing,
            isRepeatable: true,
            _options.RequestTimeout,
            cancellationToken).ConfigureAwait(false);
        return _options.Time.GetElapsedTime(started);
    }

    /// <summary>
    /// Closes the connection in good order, within <see cref="BrokerClientOptions.CloseTimeout"/>. Readers' enumerations end, requests without an answer fail with
    /// <see cref="BrokerClosedException"/>. Nothing of the client runs afterwards.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        Task living;
        bool isFirst;
        lock (_gate)
        {
            isFirst = !_isDisposed;
            _isDisposed = true;

            // Also where it never began: so everything ends in the same words.
            living = _living ??= Task.Run(_life.RunAsync);
        }

        if (isFirst)
        {
            await _life.StopAsync().ConfigureAwait(false);
        }

#pragma warning disable VSTHRD003 // Begun on a thread of the pool, never on one that waits here.
        await living.ConfigureAwait(false);
#pragma warning restore VSTHRD003
        await _errands.AllAsync().ConfigureAwait(false);
        if (isFirst)
        {
            _life.Dispose();
        }
    }

    private void Start()
    {
        lock (_gate)
        {
            // What comes after the end is told so by whatever it asks.
            if (_living is null && !_isDisposed)
            {
                _living = Task.Run(_life.RunAsync);
            }
        }
    }

    /// <summary>Anonymous users share their keys, so that these are not to be guessed.</summary>
    private static string NewKey() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
