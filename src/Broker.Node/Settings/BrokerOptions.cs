using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Broker.Node.Settings;

/// <summary>Everything that can be set, section <c>Broker</c> of the configuration.</summary>
public sealed class BrokerOptions
{
    public const string Section = "Broker";

    /// <summary>
    /// Where the node listens: addresses with a port, separated by semicolons. <c>--urls</c> for short. Default
    /// <c>http://localhost:9772</c>: this machine only. <c>http://0.0.0.0:9772</c> is every address; port 0 takes any free one.
    /// </summary>
    [Required]
    public string Urls { get; set; } = "http://localhost:9772";

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
    public LimitsOptions Limits { get; } = new();

    [ValidateObjectMembers]
    public SessionsOptions Sessions { get; } = new();

    [ValidateObjectMembers]
    public DrainOptions Drain { get; } = new();

    [ValidateObjectMembers]
    public RocketWsOptions RocketWs { get; } = new();

    public EchoOptions Echo { get; } = new();

    public TransportOptions Transport { get; } = new();
}
