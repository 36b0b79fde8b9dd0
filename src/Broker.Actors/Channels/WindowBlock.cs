using System.Buffers;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Channels;

/// <summary>Consecutive events of a window in one pooled buffer: filled at its end, emptied from its front.</summary>
internal sealed class WindowBlock(int size)
{
    private const int SmallestSize = 512;
    private const int LargestSize = 16 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(size);
    private int _start;
    private int _end;

    public int Capacity => _buffer.Length;

    public bool IsEmpty => _start == _end;

    public long LastOffset { get; private set; }

    public long FirstAtMs => EventCodec.Peek(_buffer.AsSpan(_start)).AtMs;

    /// <summary>Blocks grow with their channel: a quiet one holds half a kilobyte, a busy one few large blocks.</summary>
    public static int SizeFor(int eventSize, int lastSize) =>
        Math.Max(eventSize, Math.Clamp(lastSize * 4, SmallestSize, LargestSize));

    public bool Fits(int eventSize) => _buffer.Length - _end >= eventSize;

    public void Add(ChannelEvent added, int eventSize)
    {
        EventCodec.Write(added, _buffer.AsSpan(_end, eventSize));
        _end += eventSize;
        LastOffset = added.Offset;
    }

    /// <summary>Returns the dropped event's size in bytes.</summary>
    public int DropFirst()
    {
        var dropped = EventCodec.Peek(_buffer.AsSpan(_start)).Size;
        _start += dropped;
        return dropped;
    }

    public void Read(ChannelName channel, long from, ChannelEvent[] into, ref int taken)
    {
        for (var at = _start; at < _end && taken < into.Length;)
        {
            var (offset, _, eventSize) = EventCodec.Peek(_buffer.AsSpan(at));
            if (offset >= from)
            {
                into[taken++] = EventCodec.Read(channel, _buffer.AsSpan(at, eventSize), out _);
            }

            at += eventSize;
        }
    }

    public void Release()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
