using System.Net;
using System.Net.Sockets;

namespace Broker.Node.Connections;

/// <summary>What counts as one address: an IPv4 address, or the block of IPv6 addresses that one subscriber is given.</summary>
/// <param name="ipv6Prefix">Leading bits that make the block.</param>
internal sealed class AddressBlocks(int ipv6Prefix)
{
    /// <summary>The block's first address; the IPv4 address of one that is mapped into IPv6.</summary>
    public IPAddress Of(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        var whole = ipv6Prefix / 8;
        if (whole < bytes.Length)
        {
            bytes[whole] &= (byte)(0xFF00 >> (ipv6Prefix % 8));
            bytes[(whole + 1)..].Clear();
        }

        return new IPAddress(bytes);   // without its scope
    }
}
