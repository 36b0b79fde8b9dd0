using System.Globalization;
using Broker.TestKit.Deployments;

namespace Broker.ClusterBenchmarks;

/// <summary>What a node's process says of itself.</summary>
internal static class NodeFigures
{
    /// <summary>What the bus of a node has sent so far.</summary>
    public static async Task<(double Messages, double Bytes)> SentAsync(DeployedNode node)
    {
        var lines = (await node.GetAsync("/metrics", CancellationToken.None)).Split('\n');
        return (Sample("broker_bus_messages_sent_total "), Sample("broker_bus_sent_bytes_total "));

        double Sample(string name) =>
            double.Parse(lines.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..], CultureInfo.InvariantCulture);
    }
}
