using Broker.Node.Tests.Nodes;
using Broker.TestKit.RocketWs;

namespace Broker.Node.Tests.Campaign;

/// <summary>A node as the vectors see it.</summary>
internal sealed class RocketWsNode(BrokerNode node) : IRocketWsServer
{
    private readonly List<WebSocketClient> _clients = [];

    public async Task<IRocketWsClient> ConnectAsync()
    {
        var client = await WebSocketClient.ConnectAsync(node.Socket("/rocketws"));
        _clients.Add(client);
        return new Client(client);
    }

    public async Task<RocketWsHttpAnswer> RequestAsync(string method, string path, string body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path == "/" ? "/rocketws" : path);
        if (method != "GET")
        {
            request.Content = new StringContent(body);
        }

        using var answer = await node.Http.SendAsync(request);
        return new RocketWsHttpAnswer((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), await answer.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        await node.DisposeAsync();
    }

    private sealed class Client(WebSocketClient client) : IRocketWsClient
    {
        public Task SendAsync(string text) => client.SendAsync(text);

        public async Task<string> ReceiveAsync() =>
            await client.ReceiveTextAsync() ?? throw new EndOfStreamException($"Closed with {client.CloseStatus}: {client.CloseReason}");

        public Task CloseAsync() => client.CloseAsync();
    }
}
