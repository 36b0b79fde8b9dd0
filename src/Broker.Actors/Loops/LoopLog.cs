namespace Broker.Actors.Loops;

/// <summary>
/// The bytes that a loop sends in one tick, each frame once, whatever the number of its receivers. Slices are valid
/// until <see cref="EndTick"/>; what a socket could not take by then is copied by its outbox.
/// </summary>
public sealed class LoopLog
{
    private const int SegmentSize = 256 * 1024;

    /// <summary>Segments kept for the next burst: pinned memory is dear to get anew in each tick.</summary>
    private const int SpareSegments = 16;

    private readonly List<byte[]> _full = [];
    private readonly Stack<byte[]> _spare = new();
    private byte[] _segment = NewSegment(SegmentSize);
    private int _used;

    /// <summary>Room for a frame of up to <paramref name="size"/> bytes; <see cref="Commit"/> says how many were written.</summary>
    public Span<byte> Reserve(int size)
    {
        if (_segment.Length - _used < size)
        {
            _full.Add(_segment);
            _segment = size <= SegmentSize && _spare.TryPop(out var spare) ? spare : NewSegment(Math.Max(size, SegmentSize));
            _used = 0;
        }

        return _segment.AsSpan(_used);
    }

    public FrameSlice Commit(int length)
    {
        var slice = new FrameSlice(_segment, _used, length);
        _used += length;
        return slice;
    }

    public FrameSlice Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        return Commit(bytes.Length);
    }

    internal void EndTick()
    {
        if (_full.Count > 0)
        {
            foreach (var segment in _full)
            {
                if (segment.Length == SegmentSize && _spare.Count < SpareSegments)
                {
                    _spare.Push(segment);
                }
            }

            _full.Clear();
            if (_segment.Length != SegmentSize)
            {
                _segment = NewSegment(SegmentSize);
            }
        }

        _used = 0;
    }

    // Pinned, so that a gathered send can point into them.
    private static byte[] NewSegment(int size) => GC.AllocateUninitializedArray<byte>(size, pinned: true);
}
