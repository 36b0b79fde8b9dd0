using System.Globalization;
using System.Text.Json;
using Broker.Messages;
using Broker.TestKit.Deployments;

namespace Broker.ClusterBenchmarks;

/// <summary>Who owns what in a cluster.</summary>
internal static class Owners
{
    public const string App = "default";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Waits until all nodes that run are ready, every one owns shards, and each shard is held twice.</summary>
    /// <returns>Names of the owners by shard.</returns>
    public static async Task<string[]> WaitUntilSpreadAsync(DeployedCluster cluster)
    {
        using var patience = new CancellationTokenSource(Patience);
        await cluster.WaitUntilReadyAsync(patience.Token);
        var running = cluster.Nodes.Where(node => node.IsRunning).ToArray();
        while (true)
        {
            using var shards = JsonDocument.Parse(await running[0].GetAsync("/admin/api/cluster/shards", patience.Token));
            var rows = shards.RootElement.EnumerateArray().ToArray();
            string?[] owners = [.. rows.Select(row => row.TryGetProperty("name", out var name) ? name.GetString() : null)];
            if (rows.All(row => row.GetProperty("holders").GetArrayLength() >= Math.Min(2, running.Length)) && running.All(node => owners.Count(owner => owner == node.Name) > owners.Length / (running.Length * 2)))
            {
                return owners!;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), patience.Token);
        }
    }

    /// <summary>Channels, each in a shard of its own where there are enough, that a node owns.</summary>
    public static string[] ChannelsOf(string[] owners, DeployedNode node, int count, string prefix)
    {
        var channels = new List<string>();
        var taken = new HashSet<int>();
        var mayShare = owners.Count(owner => owner == node.Name) < count;
        for (var i = 0; channels.Count < count; i++)
        {
            var channel = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i}");
            var shard = ShardId.Of(new ChannelName(App, channel), owners.Length).Value;
            if (owners[shard] == node.Name && (taken.Add(shard) || mayShare))
            {
                channels.Add(channel);
            }
        }

        return [.. channels];
    }
}
