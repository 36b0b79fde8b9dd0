using System.Net;
using Broker.Transport.Proxies;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Broker.Node.Connections;

/// <summary>The PROXY protocol on connections that Kestrel accepts: their client is whom a trusted proxy names, and there are no others.</summary>
internal static class ProxyProtocol
{
    /// <summary>Comes before <c>UseHttps</c>: the header is not encrypted.</summary>
    /// <param name="listener">What is set up.</param>
    /// <param name="trusted">Who may connect.</param>
    /// <param name="timeoutMs">Milliseconds until the header must be there.</param>
    /// <param name="refused">Told of the others, and why.</param>
    public static void UseProxyProtocol(this ListenOptions listener, TrustedProxies trusted, int timeoutMs, Action<IPEndPoint, string> refused) =>
        listener.Use(next => async connection =>
        {
            if (connection.Features.Get<ProxyGreeted>() is not null)
            {
                await next(connection);
                return;
            }

            var peer = connection.RemoteEndPoint as IPEndPoint ?? new IPEndPoint(IPAddress.None, 0);
            if (!trusted.Trusts(peer.Address))
            {
                refused(peer, ProxyRefusal.NotTrusted);
                connection.Abort();
                return;
            }

            if (await ProxyGreetingReader.ReadAsync(connection.Transport.Input, timeoutMs) is not { } header)
            {
                refused(peer, ProxyRefusal.NoHeader);
                connection.Abort();
                return;
            }

            connection.RemoteEndPoint = header.Client ?? peer;
            await next(connection);
        });
}
