using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Broker.Transport.Epoll;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Broker.Node.Connections;

/// <summary>What Kestrel sees of a plain port: the connections that are not for the loops, unread.</summary>
internal sealed class PlainListener : IConnectionListener
{
    private const int MaxWaiting = 1_024;

    private readonly Channel<Socket> _waiting = Channel.CreateBounded<Socket>(MaxWaiting);
    private readonly SocketConnectionContextFactory _sockets;
    private readonly FastListener _fast;

    /// <param name="sockets">Makes connections of sockets; disposed with this.</param>
    /// <param name="bind">Makes the listener, given where connections go that it does not take.</param>
    public PlainListener(SocketConnectionContextFactory sockets, Func<Action<Socket>, FastListener> bind)
    {
        _sockets = sockets;
        _fast = bind(Give);
        _fast.Start();
    }

    public EndPoint EndPoint => _fast.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _waiting.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_waiting.Reader.TryRead(out var socket))
            {
                return _sockets.Create(socket);
            }
        }

        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _fast.Dispose();
        _waiting.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        while (_waiting.Reader.TryRead(out var socket))
        {
            socket.Dispose();
        }

        _sockets.Dispose();
    }

    // On the listener's thread. More than Kestrel can take are better refused than kept waiting.
    private void Give(Socket socket)
    {
        if (!_waiting.Writer.TryWrite(socket))
        {
            socket.Dispose();
        }
    }
}
