namespace Broker.Client;

/// <summary>How an event is published.</summary>
public sealed class PublishOptions
{
    /// <summary>
    /// 1 to 128 bytes. Of all publishes of one user to one channel with one key the first counts, and the others get its answer; the broker
    /// remembers a key for two minutes. Null: the client makes a random one.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>A token for the channel, where the channel asks for one. Not sent over HTTP.</summary>
    public string? Token { get; init; }

    /// <summary>The time limit, with all repeats; null for <see cref="BrokerClientOptions.PublishTimeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }
}
