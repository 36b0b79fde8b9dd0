using Broker.Actors.Dialects.RocketWs;
using Broker.Node.Tests.Connections;
using Broker.TestKit.RocketWs;

namespace Broker.Node.Tests.Cluster;

/// <summary>The protocol's vectors against three nodes: whoever speaks with whom may be on another one.</summary>
[Trait("Needs", "cluster")]
[Collection(ClusterCollection.Name)]
public sealed class RocketWsOverClusterTests(SharedCluster shared) : RocketWsVectors
{
    protected override async Task<IRocketWsServer> StartAsync(RocketWsOptions options)
    {
        if (options.LegacyReplyText)
        {
            // A node's own setting, and about the form of one answer: no cluster has a part in it.
            var node = await WaysIn.StartAsync(WayIn.Pipe, ("Broker:RocketWs:LegacyReplyText", "true"));
            return new RocketWsOverSockets(new Uri(node.Url + "/rocketws"), node.DisposeAsync);
        }

        var cluster = await ServerUnderTest.StartAsync(Where.Cluster, shared);
        var source = new UriBuilder(cluster.Url) { Path = "/rocketws", Query = options.Version == "0.1" ? "v=0.1" : "" }.Uri;
        return new CountedRocketWs(new RocketWsOverSockets(source, token: cluster.Token), cluster);
    }
}
