using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Broker.Node.Connections;
using Broker.Node.Tests.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.Connections;

/// <summary>How a test's connections come into the node.</summary>
public enum WayIn
{
    /// <summary>Sockets of the loops.</summary>
    Fast,

    /// <summary>Kestrel's pipe, before HTTP.</summary>
    Pipe,

    /// <summary>The same, over TLS.</summary>
    Tls,

    /// <summary>The HTTP server's upgrade.</summary>
    Upgrade,
}

/// <summary>Starts nodes that can be entered in one way only.</summary>
public static class WaysIn
{
    public static Task<BrokerNode> StartAsync(WayIn way, params (string Name, string Value)[] settings)
    {
        (string, string)[] all =
        [
            ("Broker:Transport:Fast", way == WayIn.Fast ? "true" : "false"),
            ("Broker:Transport:Pipe", way == WayIn.Upgrade ? "false" : "true"),
            ("Broker:Echo:Path", "/echo"),
            .. settings,
        ];
        return way == WayIn.Tls ? BrokerNode.StartAsync(AddTls, all) : BrokerNode.StartAsync(all);
    }

    public static Task<WebSocketClient> ConnectAsync(this BrokerNode node, WayIn way, string path, Action<ClientWebSocketOptions>? configure = null)
    {
        var url = way == WayIn.Tls
            ? new Uri($"wss://127.0.0.1:{new Uri(node.Addresses.Single(address => address.StartsWith("https", StringComparison.Ordinal))).Port}{path}")
            : node.Socket(path);
        return WebSocketClient.ConnectAsync(url, options =>
        {
            options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=localhost";
            configure?.Invoke(options);
        });
    }

    private static void AddTls(Microsoft.AspNetCore.Builder.WebApplicationBuilder builder)
    {
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<Entrances>((kestrel, entrances) =>
            kestrel.Listen(IPAddress.Loopback, 0, listener =>
            {
                listener.Protocols = HttpProtocols.Http1;
                listener.UseHttps(Certificate());
                listener.TakeFromPipe(entrances.At(isLoopback: true));
            }));
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
