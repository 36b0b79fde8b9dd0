namespace Broker.Actors.Cluster;

/// <summary>
/// Bytes under way to one node, from when a loop has encoded them until they are acknowledged or dropped: what is large
/// waits at its source while this is high. From any thread.
/// </summary>
internal sealed class LinkGauge(long limit)
{
    private long _bytes;

    /// <summary>Bytes of one answer that may be sent at all: more would reset the link that it is to repair.</summary>
    public long LargestAnswer => limit;

    /// <summary>True: what can wait should.</summary>
    public bool IsHigh => Volatile.Read(ref _bytes) >= limit;

    public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);
}
