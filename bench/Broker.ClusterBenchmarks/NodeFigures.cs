using System.Globalization;
using Broker.TestKit.Deployments;

namespace Broker.ClusterBenchmarks;

/// <summary>What a node's process says of itself.</summary>
internal static class NodeFigures
{
    /// <summary>A sample without labels.</summary>
    public static async Task<double> MetricAsync(DeployedNode node, string name)
    {
        var text = await node.GetAsync("/metrics", CancellationToken.None);
        var line = text.Split('\n').First(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture);
    }
}
