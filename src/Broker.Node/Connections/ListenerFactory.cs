using System.Net;
using System.Net.Sockets;
using Broker.Actors;
using Broker.Transport.Epoll;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Broker.Node.Connections;

/// <summary>
/// Binds the listeners of the settings. Where there is no TLS, plain WebSockets go into the loops and Kestrel has the rest
/// of the port; everywhere else Kestrel has it all.
/// </summary>
internal sealed class ListenerFactory(
    LocalNode node, LoopPollers pollers, Entrances entrances, ListenerTable listeners, ProxyRefusals refusals, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _kestrel = new(Options.Create(new SocketTransportOptions()), loggers);

    public bool CanBind(EndPoint endpoint) => listeners.TryFind(endpoint, out _);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        listeners.TryFind(endpoint, out var listener);
        try
        {
            StaleSocket.Remove(endpoint);
            return listener!.Certificate is null && pollers.AreFast
                ? Fast(listener, endpoint)
                : await _kestrel.BindAsync(endpoint, cancellationToken);
        }
        catch (Exception failed) when (failed is AddressInUseException or SocketException or IOException or UnauthorizedAccessException)
        {
            throw new BindFailure($"{listener!.Setting}: cannot listen on {Name(listener, endpoint)}: {Reason(failed)}.", failed);
        }
    }

    private PlainListener Fast(Listener listener, EndPoint endpoint)
    {
        var reception = entrances.At(listener).Reception;
        var doors = node.Loops.All.Select(loop => new EpollDoor(loop, pollers.Of(loop), reception, node.Outboxes));
        var sockets = new SocketConnectionContextFactory(
            new SocketConnectionFactoryOptions(), loggers.CreateLogger("Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets"));
        try
        {
            return new PlainListener(sockets, listener, others => new FastListener(
                endpoint, [.. doors], reception, others, listener.Greeters, (peer, reason) => refusals.Tell(listener, peer, reason)));
        }
        catch
        {
            sockets.Dispose();
            throw;
        }
    }

    private static string Name(Listener listener, EndPoint endpoint) =>
        (listener.Url.IsSecure ? "https://" : "http://") + (listener.Url.SocketPath is { } path ? "unix:" + path : endpoint.ToString());

    private static string Reason(Exception failed) => (failed is AddressInUseException ? failed.InnerException ?? failed : failed) switch
    {
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => "address already in use",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => "this machine has no such address",
        SocketException { SocketErrorCode: SocketError.AccessDenied } => "permission denied",
        var other => other.Message.TrimEnd('.'),
    };
}
