namespace Broker.Actors.Channels;

/// <summary>Bytes that the windows of a node hold together. Windows count themselves in; shards let go of their idlest when it is over.</summary>
/// <param name="limit">Bytes.</param>
public sealed class HistoryBudget(long limit)
{
    private const long LongestIdleMs = 5 * 60_000;
    private const long ShortestIdleMs = 10_000;

    private long _used;

    public long Limit => limit;

    public long UsedBytes => Volatile.Read(ref _used);

    /// <summary>Bytes above the limit.</summary>
    public long Excess => Math.Max(UsedBytes - limit, 0);

    /// <summary>
    /// Milliseconds that a window may have been idle and stay: for ever below seven eighths of the limit, and the shorter
    /// the nearer to it. Shards that know nothing of each other so let go of the idlest of all.
    /// </summary>
    public long KeptIdleMs
    {
        get
        {
            var easy = limit - (limit / 8);
            var left = Math.Clamp((double)(limit - UsedBytes) / (limit - easy + 1), 0, 1);
            return UsedBytes <= easy ? long.MaxValue : ShortestIdleMs + (long)(left * LongestIdleMs);
        }
    }

    internal void Add(long bytes) => Interlocked.Add(ref _used, bytes);
}
