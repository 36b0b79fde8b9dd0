using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.JsonRpc;

/// <summary>The chat of the protocol's test vectors, from its library.</summary>
[Trait("Needs", "server")]
public sealed class ChatSampleTests
{
    private const string JoinPart = """{"id":null,"method":"joinpart","params":[]}""";

    [Fact]
    public async Task Vectors_43_To_46_Chat()
    {
        await using var node = await BrokerNode.StartAsync(SampleLibrary.AsService("JsonRpcChat", "chat"));
        await using var a = await WebSocketClient.ConnectAsync(node.Socket("/jsonrpc/chat"));
        await using var b = await WebSocketClient.ConnectAsync(node.Socket("/jsonrpc/chat"));
        await ClientsAsync(b);   // b is there

        // 43
        await a.SendAsync("""{"id":null,"method":"set_username","params":["ann"]}""");
        (await a.ReceiveTextAsync()).ShouldBe(JoinPart);
        (await b.ReceiveTextAsync()).ShouldBe(JoinPart);

        // 44
        (await ClientsAsync(a)).ShouldBe(["ann", ""], ignoreOrder: true);

        // 45
        await a.SendAsync("""{"id":null,"method":"say","params":["hi"]}""");
        (await a.ReceiveTextAsync()).ShouldBe("""{"id":null,"method":"message","params":["ann","hi"]}""");
        (await b.ReceiveTextAsync()).ShouldBe("""{"id":null,"method":"message","params":["ann","hi"]}""");

        // 46
        await a.CloseAsync();
        (await b.ReceiveTextAsync()).ShouldBe(JoinPart);
        (await ClientsAsync(b)).ShouldBe([""]);
    }

    private static async Task<string[]> ClientsAsync(WebSocketClient client)
    {
        await client.SendAsync("""{"id":1,"method":"clients","params":[]}""");
        var answer = await client.ReceiveAsync();
        answer.GetProperty("id").GetInt32().ShouldBe(1);
        return [.. answer.GetProperty("result").EnumerateArray().Select(name => name.GetString()!)];
    }
}
