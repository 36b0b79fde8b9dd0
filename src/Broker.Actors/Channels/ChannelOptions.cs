namespace Broker.Actors.Channels;

/// <summary>How one channel behaves; what its namespace says, as values.</summary>
public sealed record ChannelOptions
{
    /// <summary>Events kept for recovery and history; 0 makes the channel live: nothing is kept.</summary>
    public int HistorySize { get; init; } = 1_000;

    /// <summary>Milliseconds that an event is kept.</summary>
    public long HistoryAgeMs { get; init; } = 5 * 60_000;

    /// <summary>Bytes kept.</summary>
    public int HistoryBytes { get; init; } = 256 * 1024;

    /// <summary>Users who may be present at a time.</summary>
    public int MaxMembers { get; init; } = 10_000;

    /// <summary>Whether it is known that the channel was there once it is forgotten itself, for emits that want one that is.</summary>
    public bool IsRemembered { get; init; }

    /// <summary>True when nothing is kept.</summary>
    public bool IsLive => HistorySize == 0;
}
