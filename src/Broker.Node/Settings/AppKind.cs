namespace Broker.Node.Settings;

/// <summary>The protocol family of an app.</summary>
public enum AppKind
{
    /// <summary>The native dialect, RocketWS and the broker's own HTTP API.</summary>
    Native,
}
