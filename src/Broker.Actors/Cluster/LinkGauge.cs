namespace Broker.Actors.Cluster;

/// <summary>
/// Bytes under way to one node, from when a loop has encoded them until they are acknowledged or dropped: what can wait does
/// so at its source while this is high. From any thread.
/// </summary>
internal sealed class LinkGauge(LinkLimits limits)
{
    private long _bytes;

    /// <summary>Bytes of one answer that may be sent at all: more would reset the link that it is to repair.</summary>
    public long LargestAnswer { get; } = limits.BufferBytes / 4;

    /// <summary>True: what can wait should.</summary>
    public bool IsHigh => Volatile.Read(ref _bytes) >= Math.Min(limits.PacedBytes, LargestAnswer);

    /// <summary>True: what somebody waits for should wait too.</summary>
    public bool IsFull => Volatile.Read(ref _bytes) >= LargestAnswer;

    public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);
}
