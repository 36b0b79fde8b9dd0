namespace Broker.Actors.Dialects.Http;

/// <summary>What the HTTP API is made with, as values.</summary>
public sealed record HttpApiOptions
{
    /// <summary>The app of requests that name none.</summary>
    public string App { get; init; } = "default";

    /// <summary>Levels of objects and arrays in a body.</summary>
    public int JsonDepth { get; init; } = 64;

    /// <summary>Publishes that one request may bring, over all its channels and entries.</summary>
    public int BatchEntries { get; init; } = 1_000;

    /// <summary>Bytes of one event's data.</summary>
    public int DataBytes { get; init; } = 64 * 1024;

    /// <summary>Events of a history answer when the caller does not say how many.</summary>
    public int HistoryLimit { get; init; } = 100;

    /// <summary>Channels of an answer to <c>channels</c> when the caller does not say how many.</summary>
    public int ChannelsLimit { get; init; } = 1_000;
}
