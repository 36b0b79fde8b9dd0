using Broker.Node.Tests.Connections;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.JsonRpc;

/// <summary>Who gets to a service: the rules are those of every dialect.</summary>
[Trait("Needs", "server")]
public sealed class ServiceDoorTests
{
    private const string Request = """{"id":1,"method":"clients","params":[]}""";
    private const string Response = """{"id":1,"result":[""],"error":null}""";

    [Theory]
    [InlineData(WayIn.Fast)]
    [InlineData(WayIn.Pipe)]
    [InlineData(WayIn.Tls)]
    [InlineData(WayIn.Upgrade)]
    public async Task Service_IsThere_WhicheverTheWay(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way, SampleLibrary.AsService("JsonRpcChat", "chat"));
        await using var client = await node.ConnectAsync(way, "/jsonrpc/chat");
        await client.SendAsync(Request);

        (await client.ReceiveTextAsync()).ShouldBe(Response);
    }

    [Fact]
    public async Task Service_OfAListenerWithOneDialect_IsAtItsRoot()
    {
        await using var node = await BrokerNode.StartAsync(
            [.. SampleLibrary.AsService("JsonRpcChat", "chat"), ("Broker:Listeners:0:Url", "http://127.0.0.1:0"), ("Broker:Listeners:0:Dialects:0", "jsonrpc")]);
        await using var client = await WebSocketClient.ConnectAsync(node.Socket("/"));
        await client.SendAsync(Request);

        (await client.ReceiveTextAsync()).ShouldBe(Response);
    }

    [Theory]
    [InlineData("/jsonrpc/chat", "", "native", 404)]
    [InlineData("/jsonrpc/other", "", "jsonrpc", 404)]
    [InlineData("/jsonrpc", "", "jsonrpc", 404)]
    [InlineData("/jsonrpc/chat", "Origin: https://evil.example\r\n", "jsonrpc", 403)]
    [InlineData("/jsonrpc/chat", "Origin: http://localhost:3000\r\n", "jsonrpc", 101)]
    [InlineData("/jsonrpc/chat", "X-Forwarded-For: 192.0.2.1\r\n", "jsonrpc", 403)]
    public async Task Knock_IsAnsweredAsOfEveryDialect(string path, string headers, string served, int status)
    {
        await using var node = await BrokerNode.StartAsync(
            [.. SampleLibrary.AsService("JsonRpcChat", "chat"), ("Broker:Listeners:0:Url", "http://127.0.0.1:0"), ("Broker:Listeners:0:Dialects:0", served)]);

        (await StatusAsync(node, path, headers)).ShouldBe(status);
    }

    [Fact]
    public async Task Knock_WhenThereAreAsManySessionsAsThereMayBe_IsRefused()
    {
        await using var node = await BrokerNode.StartAsync([.. SampleLibrary.AsService("JsonRpcChat", "chat"), ("Broker:Limits:SessionsPerAddress", "1")]);
        await using var client = await WebSocketClient.ConnectAsync(node.Socket("/jsonrpc/chat"));
        await client.SendAsync(Request);
        await client.ReceiveTextAsync();

        (await StatusAsync(node, "/jsonrpc/chat", "")).ShouldBe(429);
    }

    [Fact]
    public async Task Frame_LargerThanAllowed_ClosesWith1009()
    {
        await using var node = await BrokerNode.StartAsync([.. SampleLibrary.AsService("JsonRpcChat", "chat"), ("Broker:Limits:FrameBytes", "1024")]);
        await using var client = await WebSocketClient.ConnectAsync(node.Socket("/jsonrpc/chat"));
        await client.SendAsync(new string(' ', 1_025));

        await client.WaitForCloseAsync();

        client.CloseStatus.ShouldBe(WebSocketCloseStatus.MessageTooBig);
    }

    private static async Task<int> StatusAsync(BrokerNode node, string path, string headers)
    {
        using var raw = await RawHttp.ConnectAsync(node.Port);
        await raw.SendAsync(RawHttp.Upgrade(path, headers));
        return int.Parse((await raw.ReadUntilAsync("\r\n"))[9..12], System.Globalization.CultureInfo.InvariantCulture);
    }
}
