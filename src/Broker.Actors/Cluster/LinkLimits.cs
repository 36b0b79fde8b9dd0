namespace Broker.Actors.Cluster;

/// <summary>Bounds and times of a link; the cluster protocol's, except in tests.</summary>
internal sealed record LinkLimits
{
    public static LinkLimits Default { get; } = new();

    /// <summary>Bytes of items that may be unacknowledged; beyond it the link is reset.</summary>
    public int BufferBytes { get; init; } = 16 << 20;

    /// <summary>Bytes of items in one batch, unless one alone is larger.</summary>
    public int BatchBytes { get; init; } = 256 << 10;

    /// <summary>Milliseconds between announcements of the last number, while one is due.</summary>
    public long AnnounceMs { get; init; } = 200;

    /// <summary>Milliseconds that an acknowledgement waits for an item to travel with.</summary>
    public long AckMs { get; init; } = 250;

    /// <summary>
    /// Bytes under way to a node, and bytes of one that wait for this node's loops, beyond which what can wait does: few enough that what
    /// cannot wait, and the probe, are soon behind them.
    /// </summary>
    public int PacedBytes { get; init; } = 512 << 10;

    /// <summary>Bytes received that are acknowledged without waiting: well below <see cref="PacedBytes"/>, which they make room for.</summary>
    public int AckBytes { get; init; } = 128 << 10;

    /// <summary>Milliseconds without a word from a peer that owes an acknowledgement, after which the link counts as down.</summary>
    public long SilentMs { get; init; } = 1_000;

    /// <summary>Milliseconds between two reports of the same gap.</summary>
    public long GapMs { get; init; } = 100;
}
