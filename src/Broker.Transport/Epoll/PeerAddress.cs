using System.Buffers.Binary;
using System.Net;

namespace Broker.Transport.Epoll;

/// <summary>Reads Linux's <c>sockaddr</c>.</summary>
internal static class PeerAddress
{
    public const int MaxSize = 128;

    private const ushort Inet = 2;
    private const ushort Inet6 = 10;

    private static readonly IPEndPoint Unknown = new(IPAddress.None, 0);

    /// <summary>The address, as IPv4 where it is one.</summary>
    public static IPEndPoint Read(ReadOnlySpan<byte> address)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        switch (BitConverter.ToUInt16(address))
        {
            case Inet:
                return new IPEndPoint(new IPAddress(address.Slice(4, 4)), port);
            case Inet6:
                var ip = new IPAddress(address.Slice(8, 16), BitConverter.ToUInt32(address[24..]));
                return new IPEndPoint(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip, port);
            default:
                return Unknown;
        }
    }
}
