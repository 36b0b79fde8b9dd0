namespace Broker.Actors.Sessions;

/// <summary>The bytes that all outboxes of a node may hold together for clients that lag behind. Shared by all loops.</summary>
/// <param name="limit">Bytes; at least one outbox's worth.</param>
public sealed class OutboxBudget(long limit)
{
    private long _used;

    public long Limit => limit;

    public long UsedBytes => Volatile.Read(ref _used);

    /// <summary>False, and nothing taken, when it would exceed the limit.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= limit)
        {
            return true;
        }

        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _used, -bytes);
}
