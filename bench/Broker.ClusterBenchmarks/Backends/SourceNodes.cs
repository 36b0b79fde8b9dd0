using System.Globalization;
using System.Net;
using System.Text;
using Broker.ClusterBenchmarks.Subjects;
using Broker.TestKit.Deployments;
using Broker.TestKit.Nodes;
using Broker.TestKit.Servers;
using RabbitMQ.Client;

namespace Broker.ClusterBenchmarks.Backends;

/// <summary>Nodes with a message source over AMQP: one without a cluster, or three in one.</summary>
internal sealed class SourceNodes : IAsyncDisposable
{
    private const int Many = 32;

    private readonly IReadOnlyList<IAsyncDisposable> _owned;
    private readonly IReadOnlyList<int> _processes;
    private readonly RabbitMqServer _rabbitMq;

    private SourceNodes(RabbitMqServer rabbitMq, IReadOnlyList<int> processes, IPEndPoint active, IReadOnlyList<ChannelSet> sets, IReadOnlyList<IAsyncDisposable> owned) =>
        (_rabbitMq, _processes, Active, Sets, _owned) = (rabbitMq, processes, active, sets, owned);

    /// <summary>The node that RabbitMQ hands messages to.</summary>
    public IPEndPoint Active { get; }

    public IReadOnlyList<ChannelSet> Sets { get; }

    public Uri RabbitMq => _rabbitMq.Uri();

    /// <summary>CPU seconds of the nodes so far.</summary>
    public double NodeSeconds => _processes.Sum(CpuTime.OfTree);

    public double RabbitMqSeconds => CpuTime.OfTree(_rabbitMq.ProcessId);

    public static async Task<SourceNodes> StartAloneAsync()
    {
        var rabbitMq = await RabbitMqServer.StartAsync();
        try
        {
            var node = await BrokerProcess.StartAsync(environment: new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Broker__Amqp__Enabled"] = "true",
                ["Broker__Amqp__RabbitMq"] = rabbitMq.Uri().ToString(),
            });
            await node.WaitForLineAsync("Taking messages over AMQP");
            return new SourceNodes(
                rabbitMq,
                [node.Id],
                new IPEndPoint(IPAddress.Loopback, node.Port),
                [new ChannelSet("a node alone, 1 channel", ["one"]), new ChannelSet($"a node alone, {Many} channels", Names(Many))],
                [node, rabbitMq]);
        }
        catch
        {
            await rabbitMq.DisposeAsync();
            throw;
        }
    }

    public static async Task<SourceNodes> StartClusterAsync()
    {
        var cluster = await DeployedCluster.StartAsync(new DeploymentOptions { Settings = [("Broker__Amqp__Enabled", "true")] });
        try
        {
            var owners = await Owners.WaitUntilSpreadAsync(cluster);
            var active = await ActiveAsync(cluster);
            var other = cluster.Nodes.First(node => node != active);
            return new SourceNodes(
                cluster.RabbitMq,
                [.. cluster.Nodes.Select(node => node.ProcessId!.Value)],
                active.EndPoint,
                [
                    new ChannelSet("three nodes, 1 channel, owned where it is published", Owners.ChannelsOf(owners, active, 1, "own")),
                    new ChannelSet("three nodes, 1 channel, owned by another", Owners.ChannelsOf(owners, other, 1, "other")),
                    new ChannelSet($"three nodes, {Many} channels", Names(Many)),
                ],
                [cluster]);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in _owned)
        {
            await owned.DisposeAsync();
        }
    }

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"many-{i}"))];

    /// <summary>The one that publishes a message.</summary>
    private static async Task<DeployedNode> ActiveAsync(DeployedCluster cluster)
    {
        await using var connection = await new ConnectionFactory { Uri = cluster.RabbitMq.Uri() }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.BasicPublishAsync("broker.publish", "who", mandatory: true, new BasicProperties { MessageId = "who" }, Encoding.ASCII.GetBytes("0"));
        while (true)
        {
            foreach (var node in cluster.Nodes)
            {
                if (await NodeFigures.PublishedOverAmqpAsync(node) > 0)
                {
                    return node;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }
}
