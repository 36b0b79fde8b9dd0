using System.Net;
using Broker.Actors;
using Broker.Actors.Sessions;
using Broker.Node.Settings;
using Broker.Node.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Broker.Node.Connections;

/// <summary>
/// The three ways in. Plain WebSockets on Linux are taken by <see cref="ListenerFactory"/> before Kestrel sees them;
/// those over TLS and with a head in pieces by <see cref="TakeFromPipe"/>; what is left by <see cref="UpgradeEntrance"/>.
/// </summary>
internal static class Listeners
{
    public static void AddListeners(this IServiceCollection services)
    {
        services.TryAddSingleton<LoopPollers>();
        services.TryAddSingleton<ListenerTable>();
        services.TryAddSingleton<Entrances>();
        services.TryAddSingleton<ProxyRefusals>();
        services.TryAddSingleton(provider => new HttpPlaces(
            provider.GetRequiredService<ConnectionRoom>().HttpConnections, provider.GetRequiredService<LocalNode>().Counters));
        services.AddSingleton<IConnectionListenerFactory, ListenerFactory>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, ListenerSetup>();
    }

    /// <summary>Comes after <c>UseHttps</c> where there is TLS.</summary>
    private static void TakeFromPipe(this ListenOptions listener, Entrance entrance) =>
        listener.Use(next => async connection =>
        {
            var peer = connection.RemoteEndPoint as IPEndPoint ?? new IPEndPoint(IPAddress.None, 0);
            if (!await entrance.Pipes.TryServeAsync(connection.Transport, peer, connection.Abort))
            {
                await next(connection);
            }
        });

    private sealed class ListenerSetup(BrokerOptions options, ListenerTable listeners, Entrances entrances, ProxyRefusals refusals, HttpPlaces places)
        : IConfigureOptions<KestrelServerOptions>
    {
        private readonly int _handshakeMs = options.Limits.HandshakeSeconds * 1_000;

        public void Configure(KestrelServerOptions kestrel)
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Limits.BodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = options.Limits.HeadBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(options.Limits.HandshakeSeconds);
            foreach (var listener in listeners.All)
            {
                foreach (var endPoint in listener.EndPoints)
                {
                    kestrel.Listen(endPoint, kestrelListener => Setup(kestrelListener, listener));
                }
            }
        }

        // On a socket for both families a client of IPv4 has an address of IPv6; limits per address must know it by one.
        private static EndPoint? Plain(EndPoint? peer) =>
            peer is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped ? new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port) : peer;

        private void Setup(ListenOptions kestrelListener, Listener listener)
        {
            // WebSockets over HTTP/2 would cost a stream of Kestrel's each; nobody needs HTTP/2 for the rest. With TLS, ALPN offers the same.
            kestrelListener.Protocols = HttpProtocols.Http1;
            var entrance = entrances.At(listener);
            kestrelListener.Use(next => connection =>
            {
                connection.Features.Set(listener);
                connection.Features.Set<IAppReach>(entrance.Gate);
                connection.RemoteEndPoint = Plain(connection.RemoteEndPoint);
                return next(connection);
            });
            if (listener.Greeters is { } proxies)
            {
                kestrelListener.UseProxyProtocol(proxies, _handshakeMs, (peer, reason) => refusals.Tell(listener, peer, reason));
            }

            if (listener.Certificate is { } certificate)
            {
                kestrelListener.UseCertificate(certificate, TimeSpan.FromMilliseconds(_handshakeMs));
            }

            if (options.Transport.Pipe)
            {
                kestrelListener.TakeFromPipe(entrance);
            }

            kestrelListener.Use(next => connection => places.ServeAsync(connection, next));
        }
    }
}
