using Broker.Node.Tests.Connections;
using Broker.Node.Tests.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Broker.Node.Tests.Campaign;

/// <summary>A node for each plain way in, shared by many tests and started by the first that asks.</summary>
public sealed class ThreeWays : IAsyncLifetime
{
    public const int FrameBytes = 256 * 1024;

    private readonly Dictionary<WayIn, BrokerNode> _nodes = [];

    /// <summary>What the nodes logged as errors. A client's mistake is none.</summary>
    internal ErrorLog Errors { get; } = new();

    /// <summary>The node of a way, to which nobody is connected.</summary>
    public async Task<BrokerNode> AtAsync(WayIn way)
    {
        if (!_nodes.TryGetValue(way, out var node))
        {
            _nodes[way] = node = await BrokerNode.StartAsync(
                builder => builder.Services.AddSingleton<ILoggerProvider>(Errors),
                ("Broker:Transport:Fast", way == WayIn.Fast ? "true" : "false"),
                ("Broker:Transport:Pipe", way == WayIn.Upgrade ? "false" : "true"),
                ("Broker:Limits:FrameBytes", $"{FrameBytes}"),
                ("Broker:Limits:HandshakeSeconds", "3"));
        }

        await node.WaitForSessionsAsync(0);
        return node;
    }

    /// <summary>After whatever was done to the node: it serves, it has forgotten everybody, and it has nothing to complain of.</summary>
    public async Task ShouldBeAsBeforeAsync(BrokerNode node)
    {
        await node.ShouldServeAsync();
        await node.WaitForSessionsAsync(0);
        Errors.Take().ShouldBeEmpty();
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values)
        {
            await node.DisposeAsync();
        }
    }
}
