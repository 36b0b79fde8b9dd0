namespace Broker.Node.Settings;

/// <summary>The echo dialect, which sends back what comes: for trying connections.</summary>
public sealed class EchoOptions
{
    /// <summary>Where it is served, <c>/echo</c> for example. Default none: it is off.</summary>
    public string? Path { get; set; }
}
