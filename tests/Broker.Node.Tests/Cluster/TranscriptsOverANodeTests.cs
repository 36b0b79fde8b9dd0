namespace Broker.Node.Tests.Cluster;

[Trait("Needs", "server")]
public sealed class TranscriptsOverANodeTests() : TranscriptsOverTheWire(Where.Node, shared: null);
