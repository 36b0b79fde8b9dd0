using System.Text.Json;
using Broker.Node.Tests.Nodes;
using Broker.Node.Tests.WebRocket;
using Broker.TestKit.RocketWs;

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
            await WaitUntilEmptyAsync(cluster);
            return new ServerUnderTest(cluster.LoadBalancer, cluster.Token, () => ValueTask.CompletedTask);
        }

        var node = await BrokerNode.StartAsync(WebRocketHubs.Settings);
        return new ServerUnderTest(new Uri(node.Url), token: null, node.DisposeAsync);
    }

    /// <summary>Where backends send requests.</summary>
    public HttpClient Http { get; } = new() { BaseAddress = url, Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>Where a dialect's clients connect.</summary>
    /// <param name="query">Without the question mark.</param>
    public Uri Socket(string path, string query) => new UriBuilder(url) { Scheme = "ws", Path = path, Query = query }.Uri;

    public ValueTask DisposeAsync()
    {
        Http.Dispose();
        return stop();
    }

    /// <summary>Whoever was there before has gone, on every node.</summary>
    private static async Task WaitUntilEmptyAsync(RealCluster cluster)
    {
        await using var source = new RocketWsOverSockets(new Uri(cluster.LoadBalancer, "/rocketws"), token: cluster.Token);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var answer = await source.RequestAsync("POST", "/", """{"jsonrpc":"2.0","id":0,"method":"available_channels","params":{}}""");
            if (answer.Status == 200 && JsonDocument.Parse(answer.Body).RootElement.GetProperty("result").GetArrayLength() == 0)
            {
                return;
            }

            patience.Token.ThrowIfCancellationRequested();
        }
    }
}
