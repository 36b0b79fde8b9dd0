using Broker.Actors.Channels;

namespace Broker.Actors.Shards;

/// <summary>
/// Emits that have reached the owner while it may not order: its bus is not fresh, it is still collecting, or it is handing
/// the shard over. In order, bounded; after <see cref="LimitMs"/> they are told that the channel is unavailable.
/// </summary>
internal sealed class WaitingEmits(ShardOptions options)
{
    /// <summary>Milliseconds that an emit waits at most.</summary>
    public const long LimitMs = 3_000;

    private readonly Queue<(ChannelInput.Emit Emit, bool IsLocal, long AtMs)> _queue = [];
    private long _bytes;

    public int Count => _queue.Count;

    public bool IsFull => _queue.Count >= options.MailboxEmits || _bytes >= options.MailboxBytes;

    /// <param name="isLocal">True for this node's own emits, whose buffers go back when they are done with.</param>
    public void Add(ChannelInput.Emit emit, bool isLocal, long nowMs)
    {
        _queue.Enqueue((emit, isLocal, nowMs));
        _bytes += emit.Bytes;
    }

    /// <param name="atMs">Since when it has waited.</param>
    public bool TryTake(out ChannelInput.Emit emit, out bool isLocal, out long atMs)
    {
        if (!_queue.TryDequeue(out var first))
        {
            (emit, isLocal, atMs) = (null!, false, 0);
            return false;
        }

        (emit, isLocal, atMs) = first;
        _bytes -= emit.Bytes;
        return true;
    }

    /// <summary>Forgets other nodes' emits.</summary>
    public void DropForwarded()
    {
        for (var left = _queue.Count; left > 0; left--)
        {
            var waiting = _queue.Dequeue();
            if (waiting.IsLocal)
            {
                _queue.Enqueue(waiting);
            }
            else
            {
                _bytes -= waiting.Emit.Bytes;
            }
        }
    }

    /// <summary>The next one that has waited too long.</summary>
    public bool TryExpire(long nowMs, out ChannelInput.Emit emit, out bool isLocal)
    {
        (emit, isLocal) = (null!, false);
        return _queue.TryPeek(out var first) && nowMs - first.AtMs >= LimitMs && TryTake(out emit, out isLocal, out _);
    }
}
