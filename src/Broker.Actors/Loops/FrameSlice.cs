namespace Broker.Actors.Loops;

/// <summary>Bytes ready for a socket, in somebody else's buffer.</summary>
public readonly record struct FrameSlice(byte[] Buffer, int Start, int Length)
{
    /// <summary>True of the default: no bytes at all.</summary>
    public bool IsEmpty => Length == 0;

    public ReadOnlySpan<byte> Span => Buffer.AsSpan(Start, Length);

    /// <summary>The same bytes in a buffer of their own, which outlives the tick.</summary>
    public FrameSlice Owned() => new(Span.ToArray(), 0, Length);

    /// <summary>True when <paramref name="next"/> begins where this one ends, so that both go out as one.</summary>
    public bool Touches(in FrameSlice next) => ReferenceEquals(Buffer, next.Buffer) && Start + Length == next.Start;
}
