using System.Buffers.Binary;
using System.Text;

namespace Broker.TestKit.WebSockets;

/// <summary>A frame as the server sent it.</summary>
/// <param name="First">FIN, reserved bits and the opcode.</param>
public sealed record ServerFrame(byte First, byte[] Payload)
{
    public string Text => Encoding.UTF8.GetString(Payload);

    /// <summary>The code of a close frame; 1005 when it has none.</summary>
    public int CloseCode => Payload.Length == 0 ? 1005 : BinaryPrimitives.ReadUInt16BigEndian(Payload);

    /// <summary>For assertions: <c>text hello</c>, <c>ping 01FF</c>, <c>close 1000</c>.</summary>
    public override string ToString() => First switch
    {
        0x81 => $"text {Text}",
        0x82 => $"binary {Convert.ToHexString(Payload)}",
        0x88 => $"close {CloseCode}",
        0x89 => $"ping {Convert.ToHexString(Payload)}",
        0x8A => $"pong {Convert.ToHexString(Payload)}",
        _ => $"{First:X2} {Convert.ToHexString(Payload)}",
    };
}
