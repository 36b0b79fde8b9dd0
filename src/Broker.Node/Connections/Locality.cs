using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Broker.Node.Connections;

/// <summary>Put on every connection of a listener that is bound to loopback.</summary>
internal sealed class Locality
{
    // Whoever sends one of these is a proxy, and the client behind it may be anywhere.
    private static readonly string[] ProxyHeaders =
        ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Server", "X-Real-IP", "Via", "CF-Connecting-IP", "True-Client-IP"];

    public static Locality Loopback { get; } = new();

    /// <summary>What is open on loopback only is open to this request.</summary>
    public static bool IsLocal(HttpContext context) =>
        context.Features.Get<Locality>() is not null && IsLocal(isLoopback: true, name => context.Request.Headers.ContainsKey(name));

    /// <param name="isLoopback">Whether the listener is bound to loopback.</param>
    /// <param name="hasHeader">Whether the request has a header of this name.</param>
    public static bool IsLocal(bool isLoopback, Func<string, bool> hasHeader) => isLoopback && !ProxyHeaders.Any(hasHeader);

    /// <summary>Marks a connection, when its listener is bound to loopback.</summary>
    public static void Mark(ConnectionContext connection, IPAddress bound)
    {
        if (IPAddress.IsLoopback(bound))
        {
            connection.Features.Set(Loopback);
        }
    }
}
