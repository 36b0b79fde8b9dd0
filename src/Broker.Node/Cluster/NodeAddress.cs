using System.Globalization;
using System.Net;
using Broker.Node.Connections;
using Broker.Node.Settings;

namespace Broker.Node.Cluster;

/// <summary>What a node is called, and where it is reached, for operators.</summary>
internal static class NodeAddress
{
    public static string Name(BrokerOptions options) => options.Cluster.Name ?? Dns.GetHostName();

    /// <summary>Empty when nobody knows: a free port, a unix socket.</summary>
    public static string Url(BrokerOptions options)
    {
        if (options.Cluster.Url is { } url)
        {
            return url.TrimEnd('/');
        }

        var listener = ListenerTable.Of(options).Select(entry => entry.Url).FirstOrDefault(one => one.SocketPath is null && one.Port != 0);
        if (listener is null)
        {
            return "";
        }

        var address = listener.Addresses[0];
        var host = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? Dns.GetHostName() : new IPEndPoint(address, 0).ToString()[..^2];
        return string.Create(CultureInfo.InvariantCulture, $"{(listener.IsSecure ? "https" : "http")}://{host}:{listener.Port}");
    }
}
