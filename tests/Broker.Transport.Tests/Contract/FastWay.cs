using System.Net;
using Broker.Transport.Connections;
using Broker.Transport.Epoll;

namespace Broker.Transport.Tests.Contract;

/// <summary>Way 1: the broker's own listener, beside a server over pipes that gets what is incomplete or not ours.</summary>
internal sealed class FastWay : Way
{
    private readonly FastListener _listener;

    public FastWay(WebSocketOptions options, long budgetBytes = 1 << 30)
        : this(options, budgetBytes, [new EpollPoller(), new EpollPoller()])
    {
    }

    private FastWay(WebSocketOptions options, long budgetBytes, EpollPoller[] pollers)
        : base(options, index => pollers[index], budgetBytes)
    {
        EpollDoor[] doors = [.. Loops.All.Select(loop => new EpollDoor(loop, pollers[loop.Index], Reception, Budget))];
        _listener = new FastListener(new IPEndPoint(IPAddress.Loopback, 0), doors, Reception, (socket, _) => Serve(socket, ServePipeAsync));
        _listener.Start();
    }

    public override IPEndPoint EndPoint => (IPEndPoint)_listener.EndPoint;

    public override async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await base.DisposeAsync();
    }
}
