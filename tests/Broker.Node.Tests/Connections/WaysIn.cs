using Broker.Node.Tests.Nodes;

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

    /// <summary>An event stream of the HTTP server.</summary>
    Stream,
}

/// <summary>Starts nodes that can be entered in one way only.</summary>
public static class WaysIn
{
    // Beside a plain port for what is not under test.
    private static (string, string)[] Secure =>
    [
        ("Broker:Listeners:0:Url", "http://127.0.0.1:0"),
        ("Broker:Listeners:1:Url", "https://127.0.0.1:0"),
        ("Broker:Tls:CertificateFile", TestCertificate.Shared.CertificatePath),
        ("Broker:Tls:KeyFile", TestCertificate.Shared.KeyPath),
    ];

    public static Task<BrokerNode> StartAsync(WayIn way, params (string Name, string Value)[] settings)
    {
        (string, string)[] all =
        [
            ("Broker:Transport:Fast", way == WayIn.Fast ? "true" : "false"),
            ("Broker:Transport:Pipe", way == WayIn.Upgrade ? "false" : "true"),
            ("Broker:Echo:Path", "/echo"),
            .. settings,
        ];
        return BrokerNode.StartAsync(way == WayIn.Tls ? [.. Secure, .. all] : all);
    }

    public static Task<WebSocketClient> ConnectAsync(this BrokerNode node, WayIn way, string path, Action<ClientWebSocketOptions>? configure = null)
    {
        var url = way == WayIn.Tls
            ? new Uri($"wss://127.0.0.1:{new Uri(node.Addresses.Single(address => address.StartsWith("https", StringComparison.Ordinal))).Port}{path}")
            : node.Socket(path);
        return WebSocketClient.ConnectAsync(url, options =>
        {
            options.RemoteCertificateValidationCallback = TestCertificate.IsOne;
            configure?.Invoke(options);
        });
    }
}
