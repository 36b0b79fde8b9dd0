using System.Net;

namespace Broker.Transport.Proxies;

/// <summary>The proxies whose word about a client's address counts. All others are clients themselves.</summary>
public sealed class TrustedProxies
{
    /// <summary>Stands for every peer on a unix socket, which has no address.</summary>
    public const string UnixSockets = "unix";

    private readonly IPNetwork[] _networks;
    private readonly bool _areUnixSocketsTrusted;

    private TrustedProxies(IPNetwork[] networks, bool areUnixSocketsTrusted)
    {
        _networks = networks;
        _areUnixSocketsTrusted = areUnixSocketsTrusted;
    }

    public static TrustedProxies None { get; } = new([], areUnixSocketsTrusted: false);

    public bool IsEmpty => _networks.Length == 0 && !_areUnixSocketsTrusted;

    /// <exception cref="FormatException">An entry is none that <see cref="IsEntry"/> knows.</exception>
    public static TrustedProxies Parse(IEnumerable<string> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var all = entries.ToArray();
        var networks = all.Where(entry => entry != UnixSockets)
            .Select(entry => TryParse(entry, out var network) ? network : throw new FormatException($"\"{entry}\" is no address and no network."));
        return new TrustedProxies([.. networks], all.Contains(UnixSockets, StringComparer.Ordinal));
    }

    /// <summary>Whether this is an address (<c>10.1.2.3</c>, <c>fd00::1</c>), a network (<c>10.0.0.0/8</c>) or <see cref="UnixSockets"/>.</summary>
    public static bool IsEntry(string entry) => entry == UnixSockets || TryParse(entry, out _);

    /// <param name="peer"><see cref="IPAddress.None"/> for a peer on a unix socket.</param>
    public bool Trusts(IPAddress peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        if (peer.Equals(IPAddress.None))
        {
            return _areUnixSocketsTrusted;
        }

        var address = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        foreach (var network in _networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    // An address is the network of it alone.
    private static bool TryParse(string entry, out IPNetwork network)
    {
        network = default;
        if (entry.Contains('/', StringComparison.Ordinal))
        {
            return IPNetwork.TryParse(entry, out network);
        }

        if (!IPAddress.TryParse(entry, out var address) || !ClientAddress.IsPlain(entry, address))
        {
            return false;
        }

        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }
}
