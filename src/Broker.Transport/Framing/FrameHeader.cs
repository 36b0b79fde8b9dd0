using System.Buffers.Binary;

namespace Broker.Transport.Framing;

/// <summary>A client frame's header, RFC 6455 section 5.2.</summary>
/// <param name="First">FIN, RSV1 to RSV3 and the opcode.</param>
/// <param name="Length">Payload bytes; a negative one had its most significant bit set.</param>
/// <param name="Mask">The masking key in memory order.</param>
internal readonly record struct FrameHeader(byte First, long Length, uint Mask)
{
    public const int MaxSize = 14;
    public const byte FinBit = 0x80;
    public const byte Rsv1Bit = 0x40;
    public const byte MaskBit = 0x80;
    public const int MaxControlPayload = 125;

    private const byte Rsv23Bits = 0x30;

    public bool IsFinal => (First & FinBit) != 0;

    public bool IsRsv1 => (First & Rsv1Bit) != 0;

    public bool IsRsv23 => (First & Rsv23Bits) != 0;

    public Opcode Opcode => (Opcode)(First & 0x0F);

    public bool IsControl => (First & 0x08) != 0;

    /// <summary>Bytes of a masked frame's header that has this second byte.</summary>
    public static int SizeOf(byte second) => (second & 0x7F) switch { 126 => 8, 127 => 14, _ => 6 };

    /// <summary>Reads a whole header. Lengths need not be in their shortest form: the section's ABNF allows longer ones.</summary>
    public static FrameHeader Read(ReadOnlySpan<byte> header) => (header[1] & 0x7F) switch
    {
        126 => new(header[0], BinaryPrimitives.ReadUInt16BigEndian(header[2..]), BitConverter.ToUInt32(header[4..])),
        127 => new(header[0], BinaryPrimitives.ReadInt64BigEndian(header[2..]), BitConverter.ToUInt32(header[10..])),
        var length => new(header[0], length, BitConverter.ToUInt32(header[2..])),
    };
}
