using System.Net;
using Broker.Actors.Sessions;
using Broker.Node.Origins;
using ConnectionInfo = Broker.Actors.Sessions.ConnectionInfo;

namespace Broker.Node.Connections;

/// <summary>What the node knows of the client of an HTTP request.</summary>
internal static class HttpClients
{
    /// <summary>
    /// The same as of a WebSocket's client: its address, once <see cref="ClientAddresses"/> has found it, whether it is local,
    /// and which apps it may mean: <c>Apps.Only</c> is the one of its listener, <c>Apps.Includes</c> asks for its page's origin too.
    /// </summary>
    public static ConnectionInfo Describe(HttpContext context)
    {
        string? header = context.Request.Headers.Origin is [{ } only] ? only : null;
        return new(
            new IPEndPoint(context.Connection.RemoteIpAddress ?? IPAddress.None, context.Connection.RemotePort),
            context.Request.Path.Value ?? "", context.Request.QueryString.Value?.TrimStart('?') ?? "", header)
        {
            IsLocal = Locality.IsLocal(context),
            IsSameOrigin = Origin.TryParse(header, out var origin) && origin.IsOf(context.Request.Host.Value),
            Apps = context.Features.Get<IAppReach>(),
        };
    }
}
