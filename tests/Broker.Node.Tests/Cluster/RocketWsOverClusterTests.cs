using System.Text.Json;
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
        var server = new RocketWsOverSockets(source, token: cluster.Token);
        await WaitUntilEmptyAsync(server);
        return server;
    }

    /// <summary>Whoever was there before has gone.</summary>
    private static async Task WaitUntilEmptyAsync(RocketWsOverSockets server)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var answer = await server.RequestAsync("POST", "/", """{"jsonrpc":"2.0","id":0,"method":"available_channels","params":{}}""");
            if (answer.Status == 200 && JsonDocument.Parse(answer.Body).RootElement.GetProperty("result").GetArrayLength() == 0)
            {
                return;
            }

            patience.Token.ThrowIfCancellationRequested();
        }
    }
}
