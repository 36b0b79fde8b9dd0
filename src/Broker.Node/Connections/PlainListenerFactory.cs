using System.Net;
using System.Net.Sockets;
using Broker.Actors;
using Broker.Transport.Epoll;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Broker.Node.Connections;

/// <summary>Lets plain WebSockets into the loops, and Kestrel have the rest of the port.</summary>
internal sealed class PlainListenerFactory(LocalNode node, LoopPollers pollers, Entrances entrances, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is PlainEndPoint && pollers.AreFast;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var plain = (PlainEndPoint)endpoint;
        var reception = entrances.At(plain.Address).Reception;
        var doors = node.Loops.All.Select(loop => new EpollDoor(loop, pollers.Of(loop), reception, node.Outboxes));
        var sockets = new SocketConnectionContextFactory(
            new SocketConnectionFactoryOptions(), loggers.CreateLogger("Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets"));
        try
        {
            return ValueTask.FromResult<IConnectionListener>(
                new PlainListener(sockets, others => new FastListener(plain, [.. doors], reception, others)));
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            sockets.Dispose();
            throw new AddressInUseException(taken.Message, taken);
        }
    }
}
