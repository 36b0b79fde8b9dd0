using System.Net.WebSockets;

namespace Broker.Client;

/// <summary>How a <see cref="BrokerClient"/> connects, and what it bears. Times are over zero and at most a day.</summary>
public sealed class BrokerClientOptions
{
    internal const int MaxBufferedItems = 1_000_000;

    /// <summary>The native dialect's address, <c>ws</c> or <c>wss</c>: <c>wss://broker.example.com/rpc</c>. Of a cluster, its load balancer's.</summary>
    public required Uri Url { get; init; }

    /// <summary>The app. Null: the one that the broker serves there, <c>default</c> as a rule.</summary>
    public string? App { get; init; }

    /// <summary>Proves who the client is, as long as it lasts: when it has expired the client is closed. Not beside <see cref="TokenProvider"/> or <see cref="User"/>.</summary>
    public string? Token { get; init; }

    /// <summary>
    /// Gets a token for the connection; asked before each connection, and before one expires, which renews it without a new connection. What it
    /// throws counts as a failed attempt, which is repeated.
    /// </summary>
    public Func<CancellationToken, ValueTask<string>>? TokenProvider { get; init; }

    /// <summary>Who the client is, in apps whose users name themselves; of those there is only <c>demo</c>.</summary>
    public string? User { get; init; }

    /// <summary>How long before a token expires a new one is got; at half its time where that is sooner. Default 30 s.</summary>
    public TimeSpan TokenRefreshBefore { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time limit of an attempt to connect, with getting a token and saying who the client is. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time limit of a request but publishes, with waiting for a connection and all repeats. Default 10 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time limit of a publish, with waiting for a connection and all repeats. Default 30 s.</summary>
    public TimeSpan PublishTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a client that is disposed waits for the broker to close too. Default 2 s.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest that the first wait before connecting again may be; it doubles with each attempt. The wait is random between nothing and that. Default 500 ms.</summary>
    public TimeSpan BackOffFirst { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest that any wait may be. A connection that lasts as long makes the next wait a first one. Default 30 s.</summary>
    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Requests that may wait for their answer, also while there is no connection; one more is refused by <see cref="BrokerQueueFullException"/>. 1 to 1,000,000, default 10,000.</summary>
    public int QueuedRequests { get; init; } = 10_000;

    /// <summary>Bytes of all requests that wait for their answer, from 1,024. Default 8 MiB.</summary>
    public long QueuedBytes { get; init; } = 8 << 20;

    /// <summary>Items of one subscription that may wait for its reader, 1 to 1,000,000; see <see cref="SubscribeOptions.BufferedItems"/>. Default 1,000.</summary>
    public int BufferedItems { get; init; } = 1_000;

    /// <summary>
    /// Bytes of the largest request; a larger one is refused with an <see cref="ArgumentException"/>, since the broker would close the connection for good. As
    /// the broker's <c>Broker:Limits:FrameBytes</c>, from 1,024. Default 64 KiB.
    /// </summary>
    public int RequestBytes { get; init; } = 64 << 10;

    /// <summary>Bytes of the largest message that is taken from the broker, from 1,024; a larger one closes the client for good. Default 16 MiB.</summary>
    public int MessageBytes { get; init; } = 16 << 20;

    /// <summary>After so long a ping is sent. Default 20 s.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Without an answer to a ping for so long the connection is given up. Default 15 s.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Sets what else the socket needs, before each connection: headers, certificates, a proxy.</summary>
    public Action<ClientWebSocketOptions>? ConfigureSocket { get; init; }

    /// <summary>
    /// Told when the client does something else, for logs and lamps: one call at a time and in order. The client waits for it, so it should be quick. What
    /// it throws closes the client.
    /// </summary>
    public Action<BrokerClientStateChange>? StateChanged { get; init; }

    /// <summary>The clock of all limits and waits but the keep-alive.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Spreads the waits. Used by one thread at a time.</summary>
    public Random Random { get; init; } = Random.Shared;

    internal void Validate()
    {
        Check.That(Url.IsAbsoluteUri && Url.Scheme is ("ws" or "wss"), "It begins with ws:// or wss://.", nameof(Url));
        Check.That(
            (Token is null ? 0 : 1) + (TokenProvider is null ? 0 : 1) + (User is null ? 0 : 1) <= 1,
            $"{nameof(Token)}, {nameof(TokenProvider)} and {nameof(User)} exclude each other.",
            nameof(Token));

        Check.Duration(TokenRefreshBefore, nameof(TokenRefreshBefore));
        Check.Duration(ConnectTimeout, nameof(ConnectTimeout));
        Check.Duration(RequestTimeout, nameof(RequestTimeout));
        Check.Duration(PublishTimeout, nameof(PublishTimeout));
        Check.Duration(CloseTimeout, nameof(CloseTimeout));
        Check.Duration(BackOffFirst, nameof(BackOffFirst));
        Check.Duration(BackOffMax, nameof(BackOffMax));
        Check.Duration(KeepAliveInterval, nameof(KeepAliveInterval));
        Check.Duration(KeepAliveTimeout, nameof(KeepAliveTimeout));
        Check.Between(QueuedRequests, 1, 1_000_000, nameof(QueuedRequests));
        Check.Between(QueuedBytes, 1_024, long.MaxValue, nameof(QueuedBytes));
        Check.Between(BufferedItems, 1, MaxBufferedItems, nameof(BufferedItems));
        Check.Between(RequestBytes, 1_024, int.MaxValue, nameof(RequestBytes));
        Check.Between(MessageBytes, 1_024, int.MaxValue, nameof(MessageBytes));
    }
}
