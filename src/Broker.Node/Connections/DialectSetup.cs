namespace Broker.Node.Connections;

/// <summary>A dialect that was added to the node.</summary>
/// <param name="Route">Where it is served; null when the settings switch it off.</param>
internal sealed record DialectSetup(DialectRoute? Route);
