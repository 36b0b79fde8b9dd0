using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Cluster;

/// <summary>
/// The one switch of behaviour tests: a node, or a cluster that is entered by haproxy. Both serve the apps <c>default</c> and
/// <c>demo</c>, open to everybody. A cluster is shared, and remembers: tests bring names of channels of their own.
/// </summary>
/// <param name="url">Where clients connect.</param>
/// <param name="token">What RocketWS's message source wants; null where it is open.</param>
internal sealed class ServerUnderTest(Uri url, string? token, Func<ValueTask> stop) : IAsyncDisposable
{
    public Uri Url => url;

    public string? Token => token;

    public static async Task<ServerUnderTest> StartAsync(Where where, SharedCluster? shared)
    {
        if (where == Where.Cluster)
        {
            var cluster = await shared!.GetAsync();
            return new ServerUnderTest(cluster.LoadBalancer, cluster.Token, () => ValueTask.CompletedTask);
        }

        var node = await BrokerNode.StartAsync();
        return new ServerUnderTest(new Uri(node.Url), token: null, node.DisposeAsync);
    }

    /// <summary>Where a dialect's clients connect.</summary>
    /// <param name="query">Without the question mark.</param>
    public Uri Socket(string path, string query) => new UriBuilder(url) { Scheme = "ws", Path = path, Query = query }.Uri;

    public ValueTask DisposeAsync() => stop();
}
