namespace Broker.ClusterBenchmarks.Backends;

/// <summary>A backend that publishes in one way, and keeps the order of each channel.</summary>
internal interface IBackend : IAsyncDisposable
{
    /// <summary>Of the way.</summary>
    string Name { get; }

    /// <summary>Publishes into all channels as fast as the way goes, until it is told to stop.</summary>
    Task PublishAsync(NumberedChannels channels, CancellationToken stop);
}
