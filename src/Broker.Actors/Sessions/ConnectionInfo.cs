using System.Net;

namespace Broker.Actors.Sessions;

/// <summary>Where a connection came from and what it asked for.</summary>
/// <param name="Remote">The client's address, after trusted proxies.</param>
/// <param name="Path">The request's path, without the query.</param>
/// <param name="Query">The query without its question mark; empty for none.</param>
/// <param name="Origin">The Origin header; null for none.</param>
public record ConnectionInfo(IPEndPoint Remote, string Path, string Query, string? Origin)
{
    /// <summary>
    /// True when it came straight to a listener bound to loopback, with no proxy's header: what is open on loopback only is
    /// open to it.
    /// </summary>
    public bool IsLocal { get; init; }

    /// <summary>True when the Origin is the host that the request was made to.</summary>
    public bool IsSameOrigin { get; init; }

    /// <summary>Which apps it may mean; null for all that there are.</summary>
    public IAppReach? Apps { get; init; }
}
