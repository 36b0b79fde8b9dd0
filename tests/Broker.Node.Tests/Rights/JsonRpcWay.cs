using System.Text.Json;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Rights;

/// <summary>A service that does what its clients ask in their name; who they are it does not find out.</summary>
public sealed class JsonRpcWay(RightsNode node) : Way(node)
{
    public override IReadOnlyList<Who> Whos { get; } = [Who.Anonymous];

    public override IReadOnlyList<Deed> Deeds { get; } = [Deed.Subscribe, Deed.Publish];

    public override async Task<bool> TryAsync(Who who, Deed deed, string channel)
    {
        await using var client = await WebSocketClient.ConnectAsync(Rights.Node.Socket("/jsonrpc/channels"));
        await client.SendAsync(deed == Deed.Subscribe
            ? $$"""{"id":1,"method":"subscribe","params":["{{channel}}"]}"""
            : $$"""{"id":1,"method":"publish","params":["{{channel}}",1]}""");
        var error = (await client.ReceiveAsync()).GetProperty("error");
        if (error.ValueKind != JsonValueKind.Null)
        {
            error.GetString().ShouldBe("Forbidden");
        }

        return error.ValueKind == JsonValueKind.Null;
    }
}
