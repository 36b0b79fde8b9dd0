using System.ComponentModel.DataAnnotations;

namespace Broker.Node.Settings;

/// <summary>A port or a unix socket, and what is served there.</summary>
public sealed class ListenerOptions
{
    /// <summary>
    /// What to listen on: <c>http://0.0.0.0:9772</c>, <c>https://[::]:9773</c>, <c>http://unix:/run/broker.sock</c>. No default.
    /// <c>https</c> needs a certificate, here or in <c>Broker:Tls</c>.
    /// </summary>
    [Required]
    public string Url { get; set; } = "";

    /// <summary>
    /// What is served, and nothing else: <c>native</c>, <c>rocketws</c>, <c>webrocket</c>, <c>jsonrpc</c>, <c>echo</c>, those of <c>Broker:Dialects</c>, and of HTTP
    /// <c>api</c>, <c>sse</c>, <c>health</c>, <c>metrics</c>, <c>admin</c>, <c>demo</c>. Default none named: all of them. Where only one of them is a
    /// WebSocket dialect, it is served at <c>/</c> too.
    /// </summary>
    public IList<string> Dialects { get; } = [];

    /// <summary>The app that everything here means; clients cannot name another. Default none: each dialect's own way.</summary>
    [StringLength(128)]
    public string? App { get; set; }

    public TlsOptions Tls { get; } = new();

    /// <summary>How it learns of clients behind a proxy. Default <c>XForwardedFor</c> where there are <c>Broker:TrustedProxies</c>, else <c>None</c>.</summary>
    public ProxyRule? Proxy { get; set; }
}
