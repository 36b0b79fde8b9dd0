using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Broker.Transport.Framing;

/// <summary>Writes server frames: final, never masked (RFC 6455 section 5.1).</summary>
internal static class FrameWriter
{
    /// <summary>Bytes of the longest header of a server frame.</summary>
    public const int MaxHeaderSize = 10;

    public static int HeaderSize(int payloadLength) => payloadLength switch { < 126 => 2, <= ushort.MaxValue => 4, _ => 10 };

    // frame = FIN RSV1 0 0 opcode, 0 length7 [length16 | length64], payload
    public static int WriteHeader(Span<byte> destination, Opcode opcode, int payloadLength, bool deflated = false)
    {
        destination[0] = (byte)(FrameHeader.FinBit | (deflated ? FrameHeader.Rsv1Bit : 0) | (byte)opcode);
        switch (payloadLength)
        {
            case < 126:
                destination[1] = (byte)payloadLength;
                return 2;
            case <= ushort.MaxValue:
                destination[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)payloadLength);
                return 4;
            default:
                destination[1] = 127;
                BinaryPrimitives.WriteInt64BigEndian(destination[2..], payloadLength);
                return 10;
        }
    }

    public static int Write(Span<byte> destination, Opcode opcode, ReadOnlySpan<byte> payload)
    {
        var header = WriteHeader(destination, opcode, payload.Length);
        payload.CopyTo(destination[header..]);
        return header + payload.Length;
    }

    public static void Write(IBufferWriter<byte> writer, Opcode opcode, ReadOnlySpan<byte> payload) =>
        writer.Advance(Write(writer.GetSpan(payload.Length + MaxHeaderSize), opcode, payload));

    /// <summary>A close frame; a reason over 123 bytes is cut between characters. <see cref="CloseCodes.NoStatus"/> sends no payload.</summary>
    /// <param name="destination">At least 127 bytes.</param>
    public static int WriteClose(Span<byte> destination, int code, string reason)
    {
        if (code == CloseCodes.NoStatus)
        {
            return WriteHeader(destination, Opcode.Close, 0);
        }

        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)code);
        var text = destination.Slice(4, FrameHeader.MaxControlPayload - 2);
        Encoding.UTF8.GetEncoder().Convert(reason, text, flush: true, out _, out var written, out _);
        return WriteHeader(destination, Opcode.Close, written + 2) + written + 2;
    }
}
