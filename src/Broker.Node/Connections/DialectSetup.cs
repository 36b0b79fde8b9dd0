namespace Broker.Node.Connections;

/// <summary>A dialect that was added to the node.</summary>
/// <param name="Routes">Where it is served; none when the settings switch it off.</param>
internal sealed record DialectSetup(IReadOnlyList<DialectRoute> Routes);
