using Broker.Actors.Loops;
using Broker.Node.Settings;
using Broker.Transport.Epoll;

namespace Broker.Node.Connections;

/// <summary>What the loops wait in: their sockets where they have some, else their messages.</summary>
internal sealed class LoopPollers(BrokerOptions options)
{
    private readonly List<EpollPoller> _epoll = [];

    /// <summary>Whether loops have sockets of their own.</summary>
    public bool AreFast { get; } = options.Transport.Fast && EpollPoller.IsSupported;

    public ILoopPoller Create()
    {
        if (!AreFast)
        {
            return new EventPoller();
        }

        _epoll.Add(new EpollPoller());
        return _epoll[^1];
    }

    public EpollPoller Of(Loop loop) => _epoll[loop.Index];
}
