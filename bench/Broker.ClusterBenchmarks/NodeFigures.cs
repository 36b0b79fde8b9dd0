using System.Globalization;
using Broker.TestKit.Deployments;

namespace Broker.ClusterBenchmarks;

/// <summary>What a node's process says of itself.</summary>
internal static class NodeFigures
{
    /// <summary>What the bus of a node has sent so far.</summary>
    public static async Task<(double Messages, double Bytes)> SentAsync(DeployedNode node)
    {
        var lines = await LinesAsync(node);
        return (Sample(lines, "broker_bus_messages_sent_total "), Sample(lines, "broker_bus_sent_bytes_total "));
    }

    /// <summary>Messages of backends that a node has published so far.</summary>
    public static async Task<double> PublishedOverAmqpAsync(DeployedNode node) =>
        Sample(await LinesAsync(node), "broker_amqp_messages_published_total ");

    private static async Task<string[]> LinesAsync(DeployedNode node) => (await node.GetAsync("/metrics", CancellationToken.None)).Split('\n');

    private static double Sample(string[] lines, string name) =>
        double.Parse(lines.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..], CultureInfo.InvariantCulture);
}
