using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Campaign;

/// <summary>Clients that others wrote, with RocketWS's own words and with the native dialect's.</summary>
[Trait("Needs", "node")]
public sealed class NodeJsClientsTests(NodeJsClients clients) : IClassFixture<NodeJsClients>
{
    /// <summary>The readme's sixty seconds.</summary>
    [Fact]
    public async Task Wscat_SubscribedAsTheReadmeSays_ShowsWhatIsPosted()
    {
        await using var node = await BrokerNode.StartAsync();
        var wscat = clients.Wscat(
            $"ws://127.0.0.1:{node.Port}/rocketws",
            """{"id": 0, "jsonrpc": "2.0", "method": "subscribe", "params": {"channel": "chat"}}""");
        await wscat.HearAsync("""{"jsonrpc":"2.0","result":"subscribed","id":0}""");

        var reply = await PostAsync(node, """{"id": 0, "jsonrpc": "2.0", "method": "emit", "params": {"channel": "chat", "data": {"message": "hola!"}}}""");

        reply.ShouldBe("""{"jsonrpc":"2.0","result":"emitted: 1","id":0}""");
        (await wscat.HearAsync("hola!")).ShouldContain("""{"message": "hola!","__type":"message","__ts":""");
    }

    [Fact]
    public async Task Ws_OfferingDeflate_HearsRocketWsAndNative()
    {
        const string Program =
            """
            const WebSocket = require('ws');
            const [rocketUrl, nativeUrl] = process.argv.slice(1);
            const subscribe = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'subscribe', params: { channel: 'chat' } });
            const open = (name, url) => {
              const socket = new WebSocket(url, { perMessageDeflate: true });
              socket.on('open', () => { console.log(name, 'extensions', socket.extensions); socket.send(subscribe); });
              socket.on('message', data => console.log(name, data.toString()));
              socket.on('close', code => console.log(name, 'closed', code));
              socket.on('error', error => console.log(name, 'error', error.message));
            };
            open('rocket', rocketUrl);
            open('native', nativeUrl);
            """;
        await using var node = await BrokerNode.StartAsync();
        var address = $"ws://127.0.0.1:{node.Port}";
        var both = clients.Run(Program, $"{address}/rocketws", $"{address}/rpc");
        await both.HearAsync("\"id\":1}");
        await both.HearAsync("\"id\":1}");
        both.Said.ShouldContain("rocket extensions permessage-deflate");
        both.Said.ShouldContain("native extensions permessage-deflate");

        var text = string.Concat(Enumerable.Repeat("much the same ", 2_000));
        await PostAsync(node, Calls.Request("emit", $$"""{"channel":"chat","data":{"text":"{{text}}","n":1}""" + "}"));
        await PostAsync(node, """{"id":0,"jsonrpc":"2.0","method":"emit","params":{"channel":"chat","data":{"n":2}}}""");

        await both.HearAsync("\"n\":2");
        await both.HearAsync("\"n\":2");
        both.Said.Split(text).Length.ShouldBe(3, "the text came to each of the two");
        await node.StopAsync();
        await both.HearAsync("closed 1001");
        await both.HearAsync("closed 1001");
    }

    private static async Task<string> PostAsync(BrokerNode node, string body)
    {
        using var content = new StringContent(body);
        using var answer = await node.Http.PostAsync("/rocketws", content);
        return await answer.Content.ReadAsStringAsync();
    }
}
