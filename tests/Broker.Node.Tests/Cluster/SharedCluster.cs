using Broker.Node.Tests.WebRocket;

namespace Broker.Node.Tests.Cluster;

/// <summary>
/// Three nodes behind haproxy for the behaviour tests of every dialect: clients come by haproxy, which spreads them over the
/// nodes. Started by the first who asks.
/// </summary>
public sealed class SharedCluster : IAsyncLifetime
{
    private RealCluster? _cluster;

    internal async Task<RealCluster> GetAsync() => _cluster ??= await RealCluster.StartAsync(
        3, [("Broker__Apps__0__Id", "default"), ("Broker__Apps__1__Id", "demo"), .. WebRocketHubs.Environment]);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}
