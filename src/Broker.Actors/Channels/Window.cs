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
    private WindowBlock? _last;   // what a busy channel writes to, without a way through the list
    private long _bytes;
    private long _noneBeforeMs;
    private bool _hasClockGoneBack;

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

        if (_last is null || !_last.Fits(size))
        {
            Push(new WindowBlock(WindowBlock.SizeFor(size, _last?.Capacity ?? 0)));
        }

        if (Count == 0)
        {
            FirstOffset = added.Offset;
            _noneBeforeMs = added.AtMs;
            _hasClockGoneBack = false;
        }
        else if (added.AtMs < LastAtMs)
        {
            _noneBeforeMs = Math.Min(_noneBeforeMs, added.AtMs);
            _hasClockGoneBack = true;
        }

        _last!.Add(added, size);
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
        _last = null;
        _bytes = 0;
        Count = 0;
    }

    private void Push(WindowBlock block)
    {
        _blocks.Add(block);
        _last = block;
        HeldBytes += block.Capacity;
        budget.Add(block.Capacity);
    }

    private void Release(WindowBlock block)
    {
        HeldBytes -= block.Capacity;
        budget.Add(-block.Capacity);
        block.Release();
    }

    // The oldest event has long left the processor's caches when the newest comes: it is looked at when it may be too old.
    private void DropOlderThan(long atMs)
    {
        if (_noneBeforeMs >= atMs)
        {
            return;
        }

        while (Count > 0 && _blocks[0].FirstAtMs < atMs)
        {
            DropFirst();
        }

        _noneBeforeMs = Count == 0 || _hasClockGoneBack ? atMs : _blocks[0].FirstAtMs;
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
            _last = _blocks.Count == 0 ? null : _last;
        }
    }
}
