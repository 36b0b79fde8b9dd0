using System.Net;
using System.Net.Sockets;

namespace Broker.TestKit.Servers;

/// <summary>For servers that must be told their ports.</summary>
public static class LoopbackPorts
{
    /// <summary>A port that nobody has now; who takes it at once gets it.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
