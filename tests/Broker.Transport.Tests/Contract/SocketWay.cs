using System.Net;
using System.Net.Sockets;
using Broker.Actors.Loops;
using Broker.Transport.Connections;

namespace Broker.Transport.Tests.Contract;

/// <summary>Ways whose connections somebody else has accepted.</summary>
internal abstract class SocketWay : Way
{
    private readonly Socket _listener;
    private readonly Task _accepting;

    protected SocketWay(WebSocketOptions options, long budgetBytes)
        : base(options, _ => new EventPoller(), budgetBytes)
    {
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = Task.Run(AcceptAsync);
    }

    public override IPEndPoint EndPoint { get; }

    public override async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        await base.DisposeAsync();
    }

    protected abstract Task ServeAsync(Socket socket);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Serve(await _listener.AcceptAsync(), ServeAsync);
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }
}
