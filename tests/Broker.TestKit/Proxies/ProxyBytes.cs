using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Numerics;

namespace Broker.TestKit.Proxies;

/// <summary>PROXY headers of version 2, as a proxy would write them, and as none should.</summary>
public static class ProxyBytes
{
    public const byte ChecksumType = 0x03;

    public static byte[] Signature => [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    /// <summary>A proxied TCP connection of this client.</summary>
    public static byte[] Of(IPEndPoint client, params byte[][] tlvs)
    {
        var isV6 = client.AddressFamily == AddressFamily.InterNetworkV6;
        var destination = isV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        byte[] addresses = [.. client.Address.GetAddressBytes(), .. destination.GetAddressBytes(), .. Big((ushort)client.Port), .. Big(443)];
        return Raw(0x21, isV6 ? (byte)0x21 : (byte)0x11, [.. addresses, .. tlvs.SelectMany(tlv => tlv)]);
    }

    public static byte[] Of(string client, params byte[][] tlvs) => Of(IPEndPoint.Parse(client), tlvs);

    /// <summary>What a proxy sends for itself, to see whether the node is well.</summary>
    public static byte[] Local() => Raw(0x20, 0x00, []);

    public static byte[] Raw(byte versionAndCommand, byte family, byte[] rest) =>
        [.. Signature, versionAndCommand, family, .. Big((ushort)rest.Length), .. rest];

    public static byte[] Tlv(byte type, byte[] value) => [type, .. Big((ushort)value.Length), .. value];

    /// <summary>Adds the checksum that the header then has.</summary>
    public static byte[] WithChecksum(string client)
    {
        var header = Of(client, Tlv(ChecksumType, new byte[4]));
        var crc = header.Aggregate(uint.MaxValue, BitOperations.Crc32C);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(^4), ~crc);
        return header;
    }

    /// <summary>Beginnings that a listener behind a proxy must not take, by name.</summary>
    public static IReadOnlyDictionary<string, byte[]> Malformed { get; } = new Dictionary<string, byte[]>(StringComparer.Ordinal)
    {
        ["no header"] = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(),
        ["version 1"] = "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"u8.ToArray(),
        ["a signature with a slip"] = [.. Signature[..11], 0x0B, 0x21, 0x11, 0x00, 0x0C, .. new byte[12]],
        ["version 3"] = Raw(0x31, 0x11, new byte[12]),
        ["an unknown command"] = Raw(0x22, 0x11, new byte[12]),
        ["datagrams"] = Raw(0x21, 0x12, new byte[12]),
        ["an unknown family"] = Raw(0x21, 0x41, new byte[12]),
        ["too few addresses of IPv4"] = Raw(0x21, 0x11, new byte[11]),
        ["too few addresses of IPv6"] = Raw(0x21, 0x21, new byte[35]),
        ["a TLV that ends in its length"] = Of("192.0.2.1:1", [0x04, 0x00]),
        ["a TLV longer than the header"] = Of("192.0.2.1:1", [0x04, 0x00, 0x09, 0x00]),
        ["TLVs of more than 4 KiB"] = Of("192.0.2.1:1", Tlv(0x04, new byte[5_000])),
        ["a wrong checksum"] = Of("192.0.2.1:1", Tlv(ChecksumType, [1, 2, 3, 4])),
        ["a checksum of three bytes"] = Of("192.0.2.1:1", Tlv(ChecksumType, [1, 2, 3])),
    };

    private static byte[] Big(ushort number) => [(byte)(number >> 8), (byte)number];
}
