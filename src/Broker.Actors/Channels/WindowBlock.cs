using System.Buffers;
using System.Runtime.InteropServices;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Channels;

/// <summary>
/// Consecutive events of a window in one pooled buffer: filled at its end, emptied from its front. Their sizes stand at
/// the buffer's back, the first one last, so that an old event is dropped without a look at it.
/// </summary>
internal sealed class WindowBlock(int size)
{
    private const int SmallestSize = 512;
    private const int LargestSize = 16 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(size);
    private int _start;
    private int _end;
    private int _dropped;
    private int _added;

    public int Capacity => _buffer.Length;

    public bool IsEmpty => _start == _end;

    public long LastOffset { get; private set; }

    public long FirstAtMs => EventCodec.Peek(_buffer.AsSpan(_start)).AtMs;

    /// <summary>Blocks grow with their channel: a quiet one holds half a kilobyte, a busy one few large blocks.</summary>
    public static int SizeFor(int eventSize, int lastSize) =>
        Math.Max(eventSize + sizeof(int), Math.Clamp(lastSize * 4, SmallestSize, LargestSize));

    public bool Fits(int eventSize) => _buffer.Length - _end - ((_added + 1) * sizeof(int)) >= eventSize;

    public void Add(ChannelEvent added, int eventSize)
    {
        EventCodec.Write(added, _buffer.AsSpan(_end, eventSize));
        SizeOf(_added++) = eventSize;
        _end += eventSize;
        LastOffset = added.Offset;
    }

    /// <summary>Returns the dropped event's size in bytes.</summary>
    public int DropFirst()
    {
        var dropped = SizeOf(_dropped++);
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

    private ref int SizeOf(int added)
    {
        var sizes = MemoryMarshal.Cast<byte, int>(_buffer.AsSpan(0, _buffer.Length & ~(sizeof(int) - 1)));
        return ref sizes[sizes.Length - 1 - added];
    }
}
