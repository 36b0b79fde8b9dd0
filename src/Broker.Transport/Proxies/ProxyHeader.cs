using System.Buffers.Binary;
using System.Net;
using System.Numerics;
using Broker.Transport.Handshake;

namespace Broker.Transport.Proxies;

/// <summary>
/// What a proxy says about a connection before its first byte: the PROXY protocol of haproxy, version 2
/// (https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt).
/// </summary>
/// <param name="Client">The client's address; null when the proxy speaks for itself (LOCAL, its health checks) or cannot say (UNSPEC, unix sockets).</param>
public sealed record ProxyHeader(IPEndPoint? Client)
{
    /// <summary>Bytes of the part that says how long the rest is.</summary>
    public const int FixedBytes = 16;

    /// <summary>Bytes of the largest header that is read. Addresses take 232 at most; the rest is for what proxies add (TLVs).</summary>
    public const int MaxBytes = 4_096;

    private const byte Version = 2;
    private const byte Local = 0;
    private const byte Proxied = 1;

    private const byte Unspecified = 0x00;
    private const byte TcpOverIPv4 = 0x11;
    private const byte TcpOverIPv6 = 0x21;
    private const byte UnixStream = 0x31;

    private const byte ChecksumType = 0x03;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>
    /// Reads a header from the beginning of <paramref name="bytes"/>. Nothing is guessed: bytes that are no header of version
    /// 2 are <see cref="HeadOutcome.Malformed"/>, and so is one with a wrong checksum.
    /// </summary>
    /// <param name="bytes">What has come so far; it may go on after the header.</param>
    /// <param name="header">Set when the outcome is <see cref="HeadOutcome.Complete"/>.</param>
    /// <param name="length">Bytes of the header, as far as is known: at least <see cref="FixedBytes"/>.</param>
    public static HeadOutcome TryRead(ReadOnlySpan<byte> bytes, out ProxyHeader? header, out int length)
    {
        header = null;
        length = FixedBytes;
        var known = Math.Min(bytes.Length, Signature.Length);
        if (!bytes[..known].SequenceEqual(Signature[..known]))
        {
            return HeadOutcome.Malformed;
        }

        if (bytes.Length < FixedBytes)
        {
            return HeadOutcome.Incomplete;
        }

        length += BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        if (bytes[12] >> 4 != Version || (bytes[12] & 0xF) > Proxied)
        {
            return HeadOutcome.Malformed;
        }

        if (length > MaxBytes)
        {
            return HeadOutcome.TooLarge;
        }

        return bytes.Length < length ? HeadOutcome.Incomplete : Read(bytes[..length], out header);
    }

    // sig(12) ver_cmd(1) fam(1) len(2) addresses TLVs
    private static HeadOutcome Read(ReadOnlySpan<byte> bytes, out ProxyHeader? header)
    {
        // The address block of LOCAL and of UNSPEC is to be skipped whatever it says.
        header = new ProxyHeader(Client: null);
        if ((bytes[12] & 0xF) == Local || bytes[13] == Unspecified)
        {
            return HeadOutcome.Complete;
        }

        var rest = bytes[FixedBytes..];
        var size = AddressBytes(bytes[13]);
        if (rest.Length < size || !AreTlvsSound(bytes, FixedBytes + size))
        {
            header = null;
            return HeadOutcome.Malformed;
        }

        header = new ProxyHeader(ReadSource(bytes[13], rest));
        return HeadOutcome.Complete;
    }

    /// <summary>Larger than any header for what no listener of ours can have been asked for, such as datagrams.</summary>
    private static int AddressBytes(byte family) => family switch
    {
        TcpOverIPv4 => 12,
        TcpOverIPv6 => 36,
        UnixStream => 216,
        _ => int.MaxValue - FixedBytes,
    };

    // source address, destination address, source port, destination port
    private static IPEndPoint? ReadSource(byte family, ReadOnlySpan<byte> addresses)
    {
        switch (family)
        {
            case TcpOverIPv4:
                return new IPEndPoint(new IPAddress(addresses[..4]), BinaryPrimitives.ReadUInt16BigEndian(addresses[8..]));
            case TcpOverIPv6:
                var address = new IPAddress(addresses[..16]);
                return new IPEndPoint(
                    address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, BinaryPrimitives.ReadUInt16BigEndian(addresses[32..]));
            default:
                return null;
        }
    }

    /// <summary>Whether what follows the addresses are whole TLVs, and a checksum among them is right.</summary>
    private static bool AreTlvsSound(ReadOnlySpan<byte> header, int at)
    {
        while (at < header.Length)
        {
            if (header.Length - at < 3)
            {
                return false;
            }

            var size = BinaryPrimitives.ReadUInt16BigEndian(header[(at + 1)..]);
            var value = at + 3;
            if (size > header.Length - value || (header[at] == ChecksumType && !IsChecksumRight(header, value, size)))
            {
                return false;
            }

            at = value + size;
        }

        return true;
    }

    // CRC32c over the whole header, its own four bytes taken as zeros.
    private static bool IsChecksumRight(ReadOnlySpan<byte> header, int at, int size)
    {
        if (size != sizeof(uint))
        {
            return false;
        }

        var crc = uint.MaxValue;
        for (var i = 0; i < header.Length; i++)
        {
            crc = BitOperations.Crc32C(crc, i >= at && i < at + sizeof(uint) ? (byte)0 : header[i]);
        }

        return ~crc == BinaryPrimitives.ReadUInt32BigEndian(header[at..]);
    }
}
