using System.Net;
using Broker.Actors;
using Broker.Node.Hosting;
using Broker.Node.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Broker.Node.Connections;

/// <summary>
/// The three ways in. Plain WebSockets on Linux are taken by <see cref="PlainListenerFactory"/> before Kestrel sees them;
/// those over TLS and with a head in pieces by <see cref="TakeFromPipe"/>; what is left by <see cref="UpgradeEntrance"/>.
/// </summary>
internal static class Listeners
{
    public static void AddListeners(this IServiceCollection services)
    {
        services.TryAddSingleton<LoopPollers>();
        services.TryAddSingleton<Entrances>();
        services.TryAddSingleton(provider => new HttpPlaces(
            provider.GetRequiredService<ConnectionRoom>().HttpConnections, provider.GetRequiredService<LocalNode>().Counters));
        services.AddSingleton<IConnectionListenerFactory, PlainListenerFactory>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, ListenerSetup>();
    }

    /// <summary>Comes after <c>UseHttps</c> where there is TLS.</summary>
    public static void TakeFromPipe(this ListenOptions listener, Entrance entrance) =>
        listener.Use(next => async connection =>
        {
            var peer = connection.RemoteEndPoint as IPEndPoint ?? new IPEndPoint(IPAddress.None, 0);
            if (!await entrance.Pipes.TryServeAsync(connection.Transport, peer, connection.Abort))
            {
                await next(connection);
            }
        });

    private sealed class ListenerSetup(BrokerOptions options, Entrances entrances, HttpPlaces places) : IConfigureOptions<KestrelServerOptions>
    {
        public void Configure(KestrelServerOptions kestrel)
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Limits.BodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = options.Limits.HeadBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(options.Limits.HandshakeSeconds);
            foreach (var url in ListenUrl.ParseAll(options.Urls, out _)!)
            {
                foreach (var address in url.Addresses)
                {
                    kestrel.Listen(new PlainEndPoint(address, url.Port), listener => Setup(listener, address));
                }
            }
        }

        private void Setup(ListenOptions listener, IPAddress address)
        {
            // WebSockets over HTTP/2 would cost a stream of Kestrel's each; nobody needs HTTP/2 for the rest.
            listener.Protocols = HttpProtocols.Http1;
            listener.Use(next => connection =>
            {
                Locality.Mark(connection, address);
                return next(connection);
            });
            if (options.Transport.Pipe)
            {
                listener.TakeFromPipe(entrances.At(address));
            }

            listener.Use(next => connection => places.ServeAsync(connection, next));
        }
    }
}
