using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Channels;

/// <summary>
/// The last events of a channel, without gaps, bounded by number, age and bytes. They are kept as bytes in pooled
/// blocks, so that a busy channel's history costs the garbage collector nothing.
/// </summary>
internal sealed class Window(ChannelOptions options, HistoryBudget budget)
{
    private readonly List<WindowBlock> _blocks = [];
    private long _bytes;

    /// <summary>Events held.</summary>
    public int Count { get; private set; }

    /// <summary>The oldest event's offset; meaningless while empty.</summary>
    public long FirstOffset { get; private set; }

    /// <summary>Bytes of pooled memory held.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>When the newest event was ordered, milliseconds since 1970.</summary>
    public long LastAtMs { get; private set; }

    public void Add(ChannelEvent added)
    {
        if (options.IsLive)
        {
            return;
        }

        var size = EventCodec.Size(added);
        if (size > options.HistoryBytes)
        {
            Clear();   // it alone is more than the window may hold, and a window has no gaps
            return;
        }

        if (_blocks.Count == 0 || !_blocks[^1].Fits(size))
        {
            Push(new WindowBlock(WindowBlock.SizeFor(size, _blocks.Count == 0 ? 0 : _blocks[^1].Capacity)));
        }

        if (Count == 0)
        {
            FirstOffset = added.Offset;
        }

        _blocks[^1].Add(added, size);
        _bytes += size;
        Count++;
        LastAtMs = added.AtMs;
        while (Count > options.HistorySize || _bytes > options.HistoryBytes)
        {
            DropFirst();
        }

        DropOlderThan(added.AtMs - options.HistoryAgeMs);
    }

    /// <summary>Drops what is older than the window's age at <paramref name="unixMs"/>.</summary>
    public void Expire(long unixMs) => DropOlderThan(unixMs - options.HistoryAgeMs);

    /// <summary>True when every event after <paramref name="offset"/> up to <paramref name="last"/> is held.</summary>
    public bool HoldsAfter(long offset, long last) =>
        offset == last || (Count > 0 && offset + 1 >= FirstOffset && FirstOffset + Count - 1 == last);

    /// <summary>The events with offsets from <paramref name="from"/> on, oldest first, at most <paramref name="limit"/>; read anew, so that they outlive the window.</summary>
    public ChannelEvent[] Read(ChannelName channel, long from, int limit)
    {
        var first = Math.Max(from, FirstOffset);
        var count = (int)Math.Clamp(FirstOffset + Count - first, 0, limit);
        if (count == 0)
        {
            return [];
        }

        var events = new ChannelEvent[count];
        var taken = 0;
        foreach (var block in _blocks)
        {
            if (block.LastOffset >= first && taken < count)
            {
                block.Read(channel, first, events, ref taken);
            }
        }

        return events;
    }

    public void Clear()
    {
        foreach (var block in _blocks)
        {
            Release(block);
        }

        _blocks.Clear();
        _bytes = 0;
        Count = 0;
    }

    private void Push(WindowBlock block)
    {
        _blocks.Add(block);
        HeldBytes += block.Capacity;
        budget.Add(block.Capacity);
    }

    private void Release(WindowBlock block)
    {
        HeldBytes -= block.Capacity;
        budget.Add(-block.Capacity);
        block.Release();
    }

    private void DropOlderThan(long atMs)
    {
        while (Count > 0 && _blocks[0].FirstAtMs < atMs)
        {
            DropFirst();
        }
    }

    private void DropFirst()
    {
        _bytes -= _blocks[0].DropFirst();
        Count--;
        FirstOffset++;
        if (_blocks[0].IsEmpty)
        {
            Release(_blocks[0]);
            _blocks.RemoveAt(0);
        }
    }
}
