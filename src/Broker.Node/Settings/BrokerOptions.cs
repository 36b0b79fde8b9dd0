using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Broker.Node.Settings;

/// <summary>Everything that can be set, section <c>Broker</c> of the configuration.</summary>
public sealed class BrokerOptions
{
    public const string Section = "Broker";

    /// <summary>What is listened on when no setting says.</summary>
    public const string DefaultUrls = "http://localhost:9772";

    /// <summary>
    /// Where the node listens: addresses with a port, separated by semicolons. <c>--urls</c> for short. Default
    /// <c>http://localhost:9772</c>: this machine only. <c>http://0.0.0.0:9772</c> is every address; port 0 takes any free one;
    /// <c>https</c> needs <c>Broker:Tls</c>; <c>http://unix:/run/broker.sock</c> is a unix socket. <c>Broker:Listeners</c> replaces it.
    /// </summary>
    public string? Urls { get; set; }

    /// <summary>Where the node listens, with what is served there. Default none: <c>Urls</c> says where, and everything is served.</summary>
    [ValidateEnumeratedItems]
    public IList<ListenerOptions> Listeners { get; } = [];

    /// <summary>
    /// The proxies in front of the node, whose word about a client's address counts: addresses, networks such as
    /// <c>10.0.0.0/8</c>, and <c>unix</c> for whoever connects to a unix socket. Default none. Where there is one, nothing
    /// is open for coming over loopback any more.
    /// </summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>The certificate of <c>https</c> listeners that have none of their own.</summary>
    public TlsOptions Tls { get; } = new();

    /// <summary>The folder of what outlives the node. <c>--data</c> for short. Default <c>./data</c>. Made once something is kept in it.</summary>
    [Required]
    public string Data { get; set; } = "./data";

    /// <summary>How the log is written to the console: <c>Text</c> for people, <c>Json</c> for machines. <c>--log</c> for short. Default Text.</summary>
    public LogFormat Log { get; set; } = LogFormat.Text;

    /// <summary>Log lines of one kind in a minute; what is more is left out, and counted in a line at the minute's end. Default 100; 0: all are written.</summary>
    [Range(0, 1_000_000)]
    public int LogLinesPerMinute { get; set; } = 100;

    /// <summary>Threads that carry sessions and channels. Default 0: one per core, 8 at most.</summary>
    [Range(0, 256)]
    public int Loops { get; set; }

    /// <summary>The tenants. While there is none, the app <c>demo</c> is served on loopback.</summary>
    [ValidateEnumeratedItems]
    public IList<AppOptions> Apps { get; } = [];

    /// <summary>What channels allow and how they behave, by patterns of their names. The first match wins.</summary>
    [ValidateEnumeratedItems]
    public IList<NamespaceOptions> Namespaces { get; } = [];

    [ValidateObjectMembers]
    public TokensOptions Tokens { get; } = new();

    [ValidateObjectMembers]
    public LimitsOptions Limits { get; } = new();

    [ValidateObjectMembers]
    public SessionsOptions Sessions { get; } = new();

    [ValidateObjectMembers]
    public DrainOptions Drain { get; } = new();

    [ValidateObjectMembers]
    public RocketWsOptions RocketWs { get; } = new();

    [ValidateObjectMembers]
    public WebRocketOptions WebRocket { get; } = new();

    [ValidateObjectMembers]
    public JsonRpcOptions JsonRpc { get; } = new();

    /// <summary>Dialects of one's own, from class libraries. Default none.</summary>
    [ValidateEnumeratedItems]
    public IList<LibraryDialectOptions> Dialects { get; } = [];

    [ValidateObjectMembers]
    public ClusterOptions Cluster { get; } = new();

    [ValidateObjectMembers]
    public AmqpOptions Amqp { get; } = new();

    [ValidateObjectMembers]
    public AdminOptions Admin { get; } = new();

    [ValidateObjectMembers]
    public MetricsOptions Metrics { get; } = new();

    [ValidateObjectMembers]
    public TelemetryOptions Telemetry { get; } = new();

    [ValidateObjectMembers]
    public SseOptions Sse { get; } = new();

    public EchoOptions Echo { get; } = new();

    public TransportOptions Transport { get; } = new();
}
