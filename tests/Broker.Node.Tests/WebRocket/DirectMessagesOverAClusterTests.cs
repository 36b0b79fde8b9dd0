using Broker.Node.Tests.Cluster;

namespace Broker.Node.Tests.WebRocket;

[Trait("Needs", "cluster")]
[Collection(ClusterCollection.Name)]
public sealed class DirectMessagesOverAClusterTests(SharedCluster shared) : DirectMessages
{
    private protected override Task<ServerUnderTest> ServerAsync() => ServerUnderTest.StartAsync(Where.Cluster, shared);
}
