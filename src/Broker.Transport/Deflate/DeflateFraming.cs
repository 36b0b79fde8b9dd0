using System.Buffers;
using Broker.Actors.Sessions;
using Broker.Transport.Framing;

namespace Broker.Transport.Deflate;

/// <summary>
/// Messages of <see cref="SmallestDeflated"/> bytes and more go out deflated when that makes them smaller. Sessions whose
/// clients have equal windows share an instance, and so each deflated event.
/// </summary>
public sealed class DeflateFraming : IFraming
{
    /// <summary>Shorter messages go out as they are, in bytes.</summary>
    public const int SmallestDeflated = 512;

    private static readonly DeflateFraming[] ByWindow =
        [.. Enumerable.Range(DeflateParameters.MinWindowBits, 8).Select(bits => new DeflateFraming(bits))];

    private readonly int _windowBits;

    private DeflateFraming(int windowBits) => _windowBits = windowBits;

    /// <param name="windowBits">The agreed <c>server_max_window_bits</c>, 8 to 15.</param>
    public static DeflateFraming For(int windowBits) => ByWindow[windowBits - DeflateParameters.MinWindowBits];

    public int MaxSize(int payloadLength) => payloadLength + FrameWriter.MaxHeaderSize;

    public int Frame(ReadOnlySpan<byte> payload, FrameKind kind, Span<byte> destination)
    {
        if (payload.Length < SmallestDeflated)
        {
            return FrameWriter.Write(destination, (Opcode)kind, payload);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(payload.Length);
        var length = MessageDeflater.Deflate(payload, _windowBits, buffer, bound: payload.Length);
        var written = 0;
        if (length > 0)
        {
            written = FrameWriter.WriteHeader(destination, (Opcode)kind, length, deflated: true);
            buffer.AsSpan(0, length).CopyTo(destination[written..]);
            written += length;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return written > 0 ? written : FrameWriter.Write(destination, (Opcode)kind, payload);
    }
}
