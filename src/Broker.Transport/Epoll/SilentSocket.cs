using System.Net;
using Broker.Transport.Proxies;

namespace Broker.Transport.Epoll;

/// <summary>A connection that has not asked for anything yet.</summary>
internal sealed class SilentSocket(int descriptor, IPEndPoint peer, long dueMs)
{
    public int Descriptor => descriptor;

    /// <summary>The other end; behind a proxy the client, once the proxy has said so.</summary>
    public IPEndPoint Peer { get; set; } = peer;

    /// <summary>When it is closed, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public long DueMs => dueMs;

    /// <summary>The PROXY header that must come first; null for none, and once it has come.</summary>
    public ProxyGreeting? Greeting { get; set; }
}
