using System.Security.Cryptography;
using System.Text.Json.Serialization.Metadata;
using Broker.Client.Protocol;

namespace Broker.Client.Http;

/// <summary>
/// Publishes, asks and sends away over the HTTP API: for backends. Needs no connection that stays. Safe for use by many threads.
/// </summary>
/// <remarks>
/// A call is repeated until its time limit when it does not reach the broker, or the broker cannot take it now (429, 502, 503, 504); not before <c>Retry-After</c>, and
/// not at all where that is after the time limit. A publish is repeated with its idempotency key, so that it happens once. What a call throws:
/// <see cref="BrokerProblemException"/>, <see cref="BrokerTimeoutException"/>; <see cref="OperationCanceledException"/> when its token is cancelled.
/// </remarks>
public sealed class BrokerHttpClient : IDisposable
{
    private const int ReconnectCode = 3020;
    private const int StayAwayCode = 3520;

    private readonly BrokerHttpOptions _options;
    private readonly HttpClient _http;
    private readonly bool _isOwner;

    /// <param name="http">Whose connections are used; not disposed, and its own time limit holds too. It should not follow redirects, which carry the key somewhere else. Null: the client's own.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two exclude each other.</exception>
    public BrokerHttpClient(BrokerHttpOptions options, HttpClient? http = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _isOwner = http is null;
        _http = http ?? new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = Timeout.InfiniteTimeSpan,   // each attempt has its own
        };
    }

    /// <summary>Publishes an event to a channel; returns when it is as safe as the channel promises.</summary>
    /// <param name="name">The event's name; null for <c>message</c>.</param>
    /// <param name="idempotencyKey">1 to 128 bytes, see <see cref="PublishOptions.IdempotencyKey"/>; null for a random one.</param>
    public async Task<Published> PublishAsync(
        string channel, string? name, JsonData data, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        var body = new ApiRequest.Publish(_options.App, channel, null, name, data, idempotencyKey ?? NewKey());
        return Published.Of(await CallAsync("publish", body, ClientJson.Default.ApiPublish, ClientJson.Default.PublishedResult, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Publishes a value as a source-generated serializer writes it.</summary>
    /// <inheritdoc cref="PublishAsync(string, string?, JsonData, string?, CancellationToken)"/>
    public Task<Published> PublishAsync<T>(
        string channel, string? name, T data, JsonTypeInfo<T> type, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        PublishAsync(channel, name, JsonData.Of(data, type), idempotencyKey, cancellationToken);

    /// <summary>
    /// Publishes one event to many channels. What could not be taken now is repeated for those channels alone. Each outcome says for itself whether it
    /// went well; a refusal of one is no exception.
    /// </summary>
    /// <returns>One outcome per channel, in their order.</returns>
    public async Task<IReadOnlyList<PublishOutcome>> BroadcastAsync(
        IReadOnlyList<string> channels, string? name, JsonData data, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channels);
        var key = idempotencyKey ?? NewKey();
        return await SendManyAsync(
            channels.Count,
            (call, places) => call.SendAsync(
                "publish",
                new ApiRequest.Publish(_options.App, null, [.. places.Select(place => channels[place])], name, data, key),
                ClientJson.Default.ApiPublish,
                ClientJson.Default.Entries),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Publishes many events in one request. Events to one channel get their places in the order of the batch, but for those that could not be taken at
    /// first, which are repeated. It is no transaction: each outcome says for itself whether it went well.
    /// </summary>
    /// <returns>One outcome per entry, in their order.</returns>
    public async Task<IReadOnlyList<PublishOutcome>> PublishAsync(IReadOnlyList<BatchEntry> batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ApiRequest.Publish[] entries =
            [.. batch.Select(entry => new ApiRequest.Publish(null, entry.Channel, null, entry.Name, entry.Data, entry.IdempotencyKey ?? NewKey()))];
        return await SendManyAsync(
            entries.Length,
            (call, places) => call.SendAsync(
                "batch", new ApiRequest.Batch(_options.App, [.. places.Select(place => entries[place])]), ClientJson.Default.Batch, ClientJson.Default.Entries),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a channel's history.</summary>
    public async Task<HistoryPage> HistoryAsync(string channel, HistoryOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        options ??= new HistoryOptions();
        options.Validate();
        var body = new ApiRequest.History(_options.App, channel, options.Since, options.Limit, options.Direction);
        return HistoryPage.Of(await CallAsync("history", body, ClientJson.Default.ApiHistory, ClientJson.Default.Page, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Asks who is in a channel.</summary>
    public Task<PresenceReport> PresenceAsync(string channel, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return CallAsync("presence", new ApiRequest.Presence(_options.App, channel), ClientJson.Default.ApiPresence, ClientJson.Default.PresenceReport, cancellationToken);
    }

    /// <summary>Lists the channels that have subscribers. Every node looks at every channel: for operators, not for every day.</summary>
    /// <param name="pattern"><c>*</c> stands for any text, <c>?</c> for one character; null for all.</param>
    /// <param name="limit">How many are listed; null for 1,000.</param>
    public Task<ChannelList> ChannelsAsync(string? pattern = null, int? limit = null, CancellationToken cancellationToken = default) =>
        CallAsync("channels", new ApiRequest.Channels(_options.App, pattern, limit), ClientJson.Default.Channels, ClientJson.Default.ChannelList, cancellationToken);

    /// <summary>Closes every session of a user, in every dialect.</summary>
    /// <param name="mayReturn">Whether clients are to connect again (3020), or to stay away (3520).</param>
    /// <param name="reason">What the client reads, 123 bytes at most; null for the broker's own words.</param>
    public async Task<SentAway> DisconnectAsync(string user, bool mayReturn, string? reason = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(user);
        var body = new ApiRequest.Disconnect(_options.App, user, mayReturn ? ReconnectCode : StayAwayCode, reason);
        var result = await CallAsync("disconnect", body, ClientJson.Default.Disconnect, ClientJson.Default.Sessions, cancellationToken).ConfigureAwait(false);
        return new SentAway(result.Count, result.Partial);
    }

    /// <summary>Ends the subscriptions of a user to a channel. The sessions stay open and are told.</summary>
    public async Task<SentAway> UnsubscribeAsync(string user, string channel, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(channel);
        var body = new ApiRequest.Unsubscribe(_options.App, user, channel);
        var result = await CallAsync("unsubscribe", body, ClientJson.Default.ApiUnsubscribe, ClientJson.Default.Subscriptions, cancellationToken).ConfigureAwait(false);
        return new SentAway(result.Count, result.Partial);
    }

    /// <summary>Closes the connections that are the client's own.</summary>
    public void Dispose()
    {
        if (_isOwner)
        {
            _http.Dispose();
        }
    }

    private async Task<TResult> CallAsync<TBody, TResult>(
        string method, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TResult> resultType, CancellationToken cancellationToken)
    {
        using var call = new ApiCall(_http, _options, cancellationToken);
        return await call.SendAsync(method, body, bodyType, resultType).ConfigureAwait(false);
    }

    /// <summary>Sends entries, and those again that could not be taken now, until the time limit.</summary>
    /// <param name="send">Sends the entries at some places.</param>
    private async Task<IReadOnlyList<PublishOutcome>> SendManyAsync(
        int count, Func<ApiCall, int[], Task<ApiResult.Entries>> send, CancellationToken cancellationToken)
    {
        var outcomes = new PublishOutcome[count];
        int[] places = [.. Enumerable.Range(0, count)];
        using var call = new ApiCall(_http, _options, cancellationToken);
        while (places.Length > 0)
        {
            ApiResult.Entry[] results;
            try
            {
                results = (await send(call, places).ConfigureAwait(false)).Results;
            }
            catch (BrokerException) when (places.Length < count)
            {
                // What the others met with stands.
                break;
            }

            if (results.Length != places.Length)
            {
                throw new BrokerProblemException(new BrokerProblem("unknown", 502, $"{places.Length} events were answered by {results.Length} entries."), null);
            }

            for (var i = 0; i < places.Length; i++)
            {
                outcomes[places[i]] = PublishOutcome.Of(results[i]);
            }

            places = [.. places.Where(place => outcomes[place].Problem is { IsTransient: true })];
            if (places.Length > 0 && !await call.WaitAsync().ConfigureAwait(false))
            {
                break;
            }
        }

        return outcomes;
    }

    private static string NewKey() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
