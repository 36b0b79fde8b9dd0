namespace Broker.Client.Http;

/// <summary>How a <see cref="BrokerHttpClient"/> calls the HTTP API. Times are over zero and at most a day.</summary>
public sealed class BrokerHttpOptions
{
    /// <summary>A node's address, or a cluster's load balancer's: <c>https://broker.example.com</c>. The API is at <c>api/</c> below it.</summary>
    public required Uri Url { get; init; }

    /// <summary>The app. Null: <c>default</c>.</summary>
    public string? App { get; init; }

    /// <summary>One of the app's API keys, which makes the caller a backend. Not beside <see cref="TokenProvider"/>.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Gets a user's token for each attempt; what it throws the call throws.</summary>
    public Func<CancellationToken, ValueTask<string>>? TokenProvider { get; init; }

    /// <summary>The time limit of a call with all its attempts. Default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time limit of one attempt. Default 10 s.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The longest that the first wait before another attempt may be; it doubles with each. The wait is random between nothing and that, after what the broker
    /// asks for by <c>Retry-After</c>. Default 200 ms.
    /// </summary>
    public TimeSpan BackOffFirst { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest that any wait may be, without <c>Retry-After</c>. Default 5 s.</summary>
    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock of all limits and waits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Spreads the waits. Used by one thread at a time.</summary>
    public Random Random { get; init; } = Random.Shared;

    internal Uri Of(string method) => new(Url.AbsoluteUri.TrimEnd('/') + "/api/" + method);

    internal void Validate()
    {
        Check.That(Url.IsAbsoluteUri && Url.Scheme is ("http" or "https"), "It begins with http:// or https://.", nameof(Url));
        Check.That(ApiKey is null || TokenProvider is null, $"{nameof(ApiKey)} and {nameof(TokenProvider)} exclude each other.", nameof(ApiKey));
        Check.Duration(Timeout, nameof(Timeout));
        Check.Duration(AttemptTimeout, nameof(AttemptTimeout));
        Check.Duration(BackOffFirst, nameof(BackOffFirst));
        Check.Duration(BackOffMax, nameof(BackOffMax));
    }
}
