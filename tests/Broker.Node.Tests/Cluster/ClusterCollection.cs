namespace Broker.Node.Tests.Cluster;

/// <summary>Tests with a cluster of processes: one after the other, and beside nobody else.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ClusterCollection : ICollectionFixture<SharedCluster>
{
    public const string Name = "cluster";
}
