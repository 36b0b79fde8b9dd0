using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Broker.Transport.Epoll;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Broker.Node.Connections;

/// <summary>What Kestrel sees of a plain port: the connections that are not for the loops, unread but for a PROXY header.</summary>
internal sealed class PlainListener : IConnectionListener
{
    private const int MaxWaiting = 1_024;

    private readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(MaxWaiting);
    private readonly SocketConnectionContextFactory _sockets;
    private readonly bool _isGreeted;
    private readonly FastListener _fast;

    /// <param name="sockets">Makes connections of sockets; disposed with this.</param>
    /// <param name="listener">What the connections come in by.</param>
    /// <param name="bind">Makes the listener, given where connections go that it does not take.</param>
    public PlainListener(SocketConnectionContextFactory sockets, Listener listener, Func<Action<Socket, IPEndPoint>, FastListener> bind)
    {
        _sockets = sockets;
        _isGreeted = listener.Greeters is not null;
        _fast = bind(Give);
        _fast.Start();
    }

    public EndPoint EndPoint => _fast.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _waiting.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_waiting.Reader.TryRead(out var waiting))
            {
                return Connect(waiting);
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
        while (_waiting.Reader.TryRead(out var waiting))
        {
            waiting.Socket.Dispose();
        }

        _sockets.Dispose();
    }

    private ConnectionContext Connect(Waiting waiting)
    {
        var connection = _sockets.Create(waiting.Socket);
        if (_isGreeted)
        {
            connection.RemoteEndPoint = waiting.Client;
            connection.Features.Set(ProxyGreeted.Instance);
        }

        return connection;
    }

    // On the listener's thread. More than Kestrel can take are better refused than kept waiting.
    private void Give(Socket socket, IPEndPoint client)
    {
        if (!_waiting.Writer.TryWrite(new Waiting(socket, client)))
        {
            socket.Dispose();
        }
    }

    private readonly record struct Waiting(Socket Socket, IPEndPoint Client);
}
