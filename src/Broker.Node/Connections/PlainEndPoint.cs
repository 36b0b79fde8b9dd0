using System.Net;

namespace Broker.Node.Connections;

/// <summary>An address without TLS. A type of its own, since an endpoint is all that a listener factory is told.</summary>
internal sealed class PlainEndPoint(IPAddress address, int port) : IPEndPoint(address, port);
