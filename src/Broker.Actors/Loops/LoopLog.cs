namespace Broker.Actors.Loops;

/// <summary>
/// The bytes that a loop sends in one tick, each frame once, whatever the number of its receivers. Slices are valid
/// until <see cref="EndTick"/>; what a socket could not take by then is copied by its outbox.
/// </summary>
public sealed class LoopLog
{
    private const int SegmentSize = 256 * 1024;

    private readonly List<byte[]> _full = [];
    private byte[] _segment = NewSegment(SegmentSize);
    private int _used;

    /// <summary>Room for a frame of up to <paramref name="size"/> bytes; <see cref="Commit"/> says how many were written.</summary>
    public Span<byte> Reserve(int size)
    {
        if (_segment.Length - _used < size)
        {
            _full.Add(_segment);
            _segment = NewSegment(Math.Max(size, SegmentSize));
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
            _full.Clear();   // a burst's extra segments go to the collector
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
