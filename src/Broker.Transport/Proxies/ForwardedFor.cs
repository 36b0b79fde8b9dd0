using System.Net;

namespace Broker.Transport.Proxies;

/// <summary>
/// Finds the client behind a chain of proxies from the header that each of them appends to. Only the hops that trusted
/// proxies vouch for count: it goes from the right, where the nearest proxy wrote, and stops at the first address that is
/// none of theirs. What stands left of that is what the client says about itself.
/// </summary>
public static class ForwardedFor
{
    /// <summary>The client of a connection: the peer itself, unless that is a trusted proxy.</summary>
    /// <param name="peer">The other end of the connection.</param>
    /// <param name="values">The header's lines in their order.</param>
    /// <param name="isStandard">True for <c>Forwarded</c> (RFC 7239), false for <c>X-Forwarded-For</c>.</param>
    /// <param name="trusted">The proxies.</param>
    /// <returns>Port 0 where the proxy gives none. Where a hop is unknown or no address, the proxy that says so.</returns>
    public static IPEndPoint Find(IPEndPoint peer, IEnumerable<string> values, bool isStandard, TrustedProxies trusted)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(trusted);
        if (!trusted.Trusts(peer.Address))
        {
            return peer;
        }

        var client = peer;
        foreach (var hop in Hops(values, isStandard).AsEnumerable().Reverse())
        {
            if (hop is null || !ClientAddress.TryParse(hop, out var named))
            {
                break;
            }

            client = named;
            if (!trusted.Trusts(named.Address))
            {
                break;
            }
        }

        return client;
    }

    private static List<string?> Hops(IEnumerable<string> values, bool isStandard)
    {
        var hops = new List<string?>();
        foreach (var value in values)
        {
            hops.AddRange(isStandard ? ForwardedElements.Read(value) : value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }

        return hops;
    }
}
