using System.Text.Json;
using Broker.Node.Tests.Nodes;
using Broker.TestKit.RocketWs;

namespace Broker.Node.Tests.Cluster;

/// <summary>
/// A cluster for RocketWS's vectors, whose emitters are told numbers of receivers. A node that has a room already answers a subscribe
/// before the channel's owner, on another one, has counted it; here a client has its answer once the owner has.
/// </summary>
internal sealed class CountedRocketWs(RocketWsOverSockets server, ServerUnderTest cluster) : IRocketWsServer
{
    private readonly HashSet<(Client Client, string Channel)> _subscriptions = [];

    public async Task<IRocketWsClient> ConnectAsync() => new Client(this, await server.ConnectAsync());

    public Task<RocketWsHttpAnswer> RequestAsync(string method, string path, string body) => server.RequestAsync(method, path, body);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task WaitUntilCountedAsync(string channel)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using var asking = await WebSocketClient.ConnectAsync(cluster.Socket("/rpc", ""));
        var wanted = _subscriptions.Count(subscription => subscription.Channel == channel);
        int counted;
        do
        {
            patience.Token.ThrowIfCancellationRequested();
            counted = (await asking.CallAsync("presence", $$"""{"channel":"{{channel}}"}""")).GetProperty("result").GetProperty("subscribers").GetInt32();
        }
        while (counted != wanted);
    }

    private sealed class Client(CountedRocketWs server, IRocketWsClient client) : IRocketWsClient
    {
        private string? _asked;

        public Task SendAsync(string text)
        {
            _asked = ChannelOf(text) ?? _asked;
            return client.SendAsync(text);
        }

        public async Task<string> ReceiveAsync()
        {
            var text = await client.ReceiveAsync();
            if (_asked is { } channel && ResultOf(text) is ("subscribed" or "unsubscribed") and var result)
            {
                _asked = null;
                _ = result == "subscribed" ? server._subscriptions.Add((this, channel)) : server._subscriptions.Remove((this, channel));
                await server.WaitUntilCountedAsync(channel);
            }

            return text;
        }

        public Task CloseAsync()
        {
            server._subscriptions.RemoveWhere(subscription => subscription.Client == this);
            return client.CloseAsync();
        }

        /// <summary>Of a subscribe or unsubscribe; null for everything else.</summary>
        private static string? ChannelOf(string text) =>
            Read(text) is { ValueKind: JsonValueKind.Object } call
            && call.TryGetProperty("method", out var method) && method.ValueKind == JsonValueKind.String
            && method.GetString() is "subscribe" or "unsubscribe"
            && call.TryGetProperty("params", out var parameters) && parameters.ValueKind == JsonValueKind.Object
            && parameters.TryGetProperty("channel", out var channel)
                ? channel.GetString()
                : null;

        private static string? ResultOf(string text) =>
            Read(text) is { ValueKind: JsonValueKind.Object } reply && reply.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.String
                ? result.GetString()
                : null;

        private static JsonElement? Read(string text)
        {
            try
            {
                return JsonDocument.Parse(text).RootElement;
            }
            catch (JsonException)
            {
                return null;   // some vectors send what is no JSON
            }
        }
    }
}
