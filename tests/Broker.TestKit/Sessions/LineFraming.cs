using Broker.Actors.Sessions;

namespace Broker.TestKit.Sessions;

/// <summary>A payload is a line. Counts how often it framed.</summary>
public sealed class LineFraming : IFraming
{
    private int _frames;

    public int Frames => Volatile.Read(ref _frames);

    public int MaxSize(int payloadLength) => payloadLength + 1;

    public int Frame(ReadOnlySpan<byte> payload, FrameKind kind, Span<byte> destination)
    {
        Interlocked.Increment(ref _frames);
        payload.CopyTo(destination);
        destination[payload.Length] = (byte)'\n';
        return payload.Length + 1;
    }
}
