namespace Broker.Actors.Loops;

/// <summary>Bytes ready for a socket, in somebody else's buffer.</summary>
public readonly record struct FrameSlice(byte[] Buffer, int Start, int Length)
{
    public ReadOnlySpan<byte> Span => Buffer.AsSpan(Start, Length);

    /// <summary>True when <paramref name="next"/> begins where this one ends, so that both go out as one.</summary>
    public bool Touches(in FrameSlice next) => ReferenceEquals(Buffer, next.Buffer) && Start + Length == next.Start;
}
