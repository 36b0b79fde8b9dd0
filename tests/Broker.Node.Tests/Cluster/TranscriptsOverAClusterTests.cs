namespace Broker.Node.Tests.Cluster;

[Trait("Needs", "cluster")]
[Collection(ClusterCollection.Name)]
public sealed class TranscriptsOverAClusterTests(SharedCluster shared) : TranscriptsOverTheWire(Where.Cluster, shared);
