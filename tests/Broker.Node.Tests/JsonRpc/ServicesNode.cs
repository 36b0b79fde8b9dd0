using Broker.Actors.Dialects.JsonRpcWs;
using Broker.Node.JsonRpc;
using Broker.Node.Tests.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.JsonRpc;

/// <summary>A node with the services under test.</summary>
public sealed class ServicesNode : IAsyncDisposable
{
    private int _lastQuery;

    private ServicesNode(BrokerNode node) => Node = node;

    public BrokerNode Node { get; }

    public Recorders Recorders => Node.Services.GetRequiredService<Recorders>();

    public ServiceDefinition Service(string name) => Node.Services.GetRequiredService<JsonRpcServices>().Find(name)!;

    public static async Task<ServicesNode> StartAsync(params (string Name, string Value)[] settings) => new(await BrokerNode.StartAsync(
        builder =>
        {
            builder.Services.AddSingleton<Recorders>();
            builder.Services.AddJsonRpcService<VectorService>("s");
            builder.Services.AddJsonRpcService<FaultyService>("faulty");
            builder.Services.AddScoped<PersonScope>();
            builder.Services.AddJsonRpcService<PersonService>("person");
        },
        settings));

    /// <summary>A new connection with a recorder of its own.</summary>
    /// <param name="prefix">What its query begins with.</param>
    public async Task<ServiceClient> ConnectAsync(string service = "s", string prefix = "t")
    {
        var query = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{prefix}{Interlocked.Increment(ref _lastQuery)}");
        return new ServiceClient(await WebSocketClient.ConnectAsync(Node.Socket($"/jsonrpc/{service}?{query}")), Recorders.Of(query));
    }

    public ValueTask DisposeAsync() => Node.DisposeAsync();
}
