using System.Net;

namespace Broker.Node.Connections;

/// <summary>An address that knows its listener, since an endpoint is all that a listener factory is told.</summary>
internal sealed class ListenEndPoint(Listener listener, IPAddress address, int port) : IPEndPoint(address, port)
{
    public Listener Listener => listener;
}
