namespace Broker.Actors.Channels;

/// <summary>Bytes that the windows of a node hold together. Windows count themselves in; shards let go of their idlest when it is over.</summary>
/// <param name="limit">Bytes.</param>
public sealed class HistoryBudget(long limit)
{
    private long _used;

    public long Limit => limit;

    public long UsedBytes => Volatile.Read(ref _used);

    public bool IsOver => UsedBytes > limit;

    internal void Add(long bytes) => Interlocked.Add(ref _used, bytes);
}
