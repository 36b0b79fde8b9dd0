using System.Globalization;
using System.Net;
using Broker.ClusterBenchmarks.Speech;
using Broker.TestKit.Deployments;

namespace Broker.ClusterBenchmarks.Subjects;

/// <summary>Nodes of this broker. Their channels keep the history that is the default, or none: those are live.</summary>
internal sealed class BrokerSubject : ISubject
{
    private static readonly string[] Kinds = ["history", "live"];
    private static readonly string[] Places = ["owned where published", "owned where received", "owned by a third node"];

    private readonly DeployedCluster _cluster;
    private readonly string[] _owners;

    private BrokerSubject(DeployedCluster cluster, string[] owners) => (_cluster, _owners) = (cluster, owners);

    public string Name => "broker";

    public string About => string.Create(CultureInfo.InvariantCulture, $"{_cluster.Nodes.Count} nodes, RabbitMQ, PostgreSQL; channels with history, and live ones without");

    public IClientSpeech Speech => NativeSpeech.Instance;

    public IReadOnlyList<IPEndPoint> Servers => [.. _cluster.Nodes.Select(node => node.EndPoint)];

    public static async Task<ISubject> StartAsync(int nodes)
    {
        var cluster = await DeployedCluster.StartAsync(new DeploymentOptions
        {
            Nodes = nodes,
            Settings = [("Broker__Namespaces__0__Pattern", "live-*"), ("Broker__Namespaces__0__HistorySize", "0")],
        });
        try
        {
            return new BrokerSubject(cluster, await Owners.WaitUntilSpreadAsync(cluster));
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public IReadOnlyList<ChannelSet> SetsByOwner(int count) =>
    [
        .. from kind in Kinds
           from place in Enumerable.Range(0, _cluster.Nodes.Count)
           select new ChannelSet($"{Name}, {kind}, {Places[place]}", Channels(kind, place, count)),
    ];

    public IReadOnlyList<ChannelSet> SetsByKind(int count) =>
    [
        .. from kind in Kinds
           select new ChannelSet(
               $"{Name}, {kind}",
               [.. Enumerable.Range(0, _cluster.Nodes.Count).SelectMany(place => Channels(kind, place, count / _cluster.Nodes.Count))]),
    ];

    public async Task<Usage> LookAsync()
    {
        var usage = new Usage(0, 0, 0, CpuTime.OfTree(_cluster.RabbitMq.ProcessId));
        foreach (var node in _cluster.Nodes)
        {
            var sent = await NodeFigures.SentAsync(node);
            usage = usage with
            {
                BusMessages = usage.BusMessages + sent.Messages,
                BusBytes = usage.BusBytes + sent.Bytes,
                ServerCpuSeconds = usage.ServerCpuSeconds + CpuTime.OfTree(node.ProcessId!.Value),
            };
        }

        return usage;
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private string[] Channels(string kind, int place, int count) =>
        Owners.ChannelsOf(_owners, _cluster.Nodes[place], count, string.Create(CultureInfo.InvariantCulture, $"{kind}-{place}"));
}
