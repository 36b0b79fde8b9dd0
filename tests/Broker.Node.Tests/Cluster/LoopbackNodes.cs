using Broker.Actors.Cluster;
using Broker.Node.Cluster;
using Broker.Node.Tests.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.Cluster;

/// <summary>Several real nodes in this process, joined by a bus and an authority of its own.</summary>
internal sealed class LoopbackNodes : IAsyncDisposable
{
    public const string Token = "a token of 16 characters";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<BrokerNode> _nodes = [];

    public LoopbackExchange Exchange { get; } = new(TimeProvider.System);

    public MemoryAuthority Authority { get; } = new(TimeProvider.System);

    public List<LoopbackBus> Buses { get; } = [];

    public BrokerNode this[int node] => _nodes[node];

    /// <summary>Starts nodes named <c>n0</c>, <c>n1</c>, ... and waits until each is ready.</summary>
    public static async Task<LoopbackNodes> StartAsync(int count)
    {
        var nodes = new LoopbackNodes();
        try
        {
            for (var i = 0; i < count; i++)
            {
                await nodes.AddAsync();
            }

            for (var i = 0; i < count; i++)
            {
                await nodes.WaitUntilReadyAsync(i);
            }
        }
        catch
        {
            await nodes.DisposeAsync();
            throw;
        }

        return nodes;
    }

    public async Task WaitUntilReadyAsync(int node)
    {
        using var patience = new CancellationTokenSource(Patience);
        string answer;
        do
        {
            patience.Token.ThrowIfCancellationRequested();
            answer = await _nodes[node].Http.GetStringOrProblemAsync("/health/ready?verbose");
        }
        while (!answer.Contains("\"status\":\"ready\"", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    private async Task AddAsync()
    {
        var bus = Exchange.CreateBus();
        Buses.Add(bus);
        _nodes.Add(await BrokerNode.StartAsync(
            builder => builder.Services.AddSingleton<IClusterEngine>(new Engine(bus, Authority, $"n{_nodes.Count}")),
            ("Broker:Admin:Token", Token), ("Broker:Drain:Window", "00:00:00")));
    }

    private sealed class Engine(LoopbackBus bus, MemoryAuthority authority, string name) : IClusterEngine
    {
        public ClusterOptions Create(Action leaveAsked) => new(bus, authority) { Name = name, Url = "http://" + name, LeaveAsked = leaveAsked };
    }
}
