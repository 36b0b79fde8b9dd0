using Broker.Actors.Sessions;

namespace Broker.Transport.Framing;

/// <summary>One uncompressed frame per message.</summary>
public sealed class PlainFraming : IFraming
{
    private PlainFraming()
    {
    }

    public static PlainFraming Instance { get; } = new();

    public int MaxSize(int payloadLength) => payloadLength + FrameWriter.MaxHeaderSize;

    public int Frame(ReadOnlySpan<byte> payload, FrameKind kind, Span<byte> destination) =>
        FrameWriter.Write(destination, (Opcode)kind, payload);
}
