using System.Buffers.Binary;
using System.Text;

namespace Broker.TestKit.WebSockets;

/// <summary>Builds frames as a client sends them, right or wrong (RFC 6455 section 5.2).</summary>
public static class ClientFrame
{
    public const byte Fin = 0x80;
    public const byte Rsv1 = 0x40;

    private static readonly byte[] Key = [0x37, 0xFA, 0x21, 0x3D];

    public static byte[] Text(string text, bool isFinal = true) => Text(Encoding.UTF8.GetBytes(text), isFinal);

    public static byte[] Text(byte[] payload, bool isFinal = true) => Build((byte)(0x1 | (isFinal ? Fin : 0)), payload);

    public static byte[] Binary(byte[] payload, bool isFinal = true) => Build((byte)(0x2 | (isFinal ? Fin : 0)), payload);

    public static byte[] Continuation(byte[] payload, bool isFinal) => Build((byte)(isFinal ? Fin : 0), payload);

    public static byte[] Continuation(string text, bool isFinal) => Continuation(Encoding.UTF8.GetBytes(text), isFinal);

    public static byte[] Ping(byte[]? payload = null) => Build(0x89, payload ?? []);

    public static byte[] Pong(byte[]? payload = null) => Build(0x8A, payload ?? []);

    public static byte[] Close() => Build(0x88, []);

    public static byte[] Close(int code, string reason = "") => Close(code, Encoding.UTF8.GetBytes(reason));

    public static byte[] Close(int code, byte[] reason)
    {
        var payload = new byte[2 + reason.Length];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        reason.CopyTo(payload, 2);
        return Build(0x88, payload);
    }

    /// <summary>Any frame.</summary>
    /// <param name="first">FIN, reserved bits and the opcode.</param>
    /// <param name="payload">Before masking.</param>
    /// <param name="isMasked">False for what no client may send.</param>
    /// <param name="lengthBytes">0, 2 or 8 bytes of extended length; null for the shortest that holds it.</param>
    /// <param name="length">An announced length that is not the payload's.</param>
    public static byte[] Build(byte first, byte[] payload, bool isMasked = true, int? lengthBytes = null, ulong? length = null)
    {
        var announced = length ?? (ulong)payload.Length;
        var extended = lengthBytes ?? announced switch { < 126 => 0, <= ushort.MaxValue => 2, _ => 8 };
        var header = new List<byte> { first };
        var mask = (byte)(isMasked ? 0x80 : 0);
        var wide = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(wide, announced);
        switch (extended)
        {
            case 0: header.Add((byte)(mask | (byte)announced)); break;
            case 2: header.Add((byte)(mask | 126)); header.AddRange(wide[6..]); break;
            default: header.Add((byte)(mask | 127)); header.AddRange(wide); break;
        }

        if (!isMasked)
        {
            return [.. header, .. payload];
        }

        header.AddRange(Key);
        var masked = new byte[header.Count + payload.Length];
        header.CopyTo(masked);
        for (var i = 0; i < payload.Length; i++)
        {
            masked[header.Count + i] = (byte)(payload[i] ^ Key[i & 3]);
        }

        return masked;
    }
}
