namespace Broker.Transport.EventStreams;

/// <summary>What every event stream does, as values; the settings of <c>Broker:Sse</c>.</summary>
public sealed record EventStreamOptions
{
    /// <summary>Milliseconds of silence after which a comment is sent, for proxies that cut what is silent.</summary>
    public long KeepAliveMs { get; init; } = 15_000;

    /// <summary>Milliseconds that a client is asked to wait before it connects again; each is told half to one and a half of it.</summary>
    public int RetryMs { get; init; } = 3_000;

    /// <summary>Bytes that may wait for one client.</summary>
    public int OutboxBytes { get; init; } = 1 << 20;

    /// <summary>Milliseconds that a closed stream has to take what it was sent; then it is cut.</summary>
    public long CloseTimeoutMs { get; init; } = 5_000;
}
