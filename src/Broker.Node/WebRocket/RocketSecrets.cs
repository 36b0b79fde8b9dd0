namespace Broker.Node.WebRocket;

/// <summary>The two secrets of a hub of version 1.</summary>
internal sealed class RocketSecrets
{
    public string? ReadOnly { get; set; }

    public string? ReadWrite { get; set; }
}
