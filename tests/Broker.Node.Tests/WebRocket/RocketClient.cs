using System.Text.Json.Nodes;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.WebRocket;

/// <summary>A WebRocket client.</summary>
internal sealed class RocketClient(WebSocketClient socket) : IAsyncDisposable
{
    public WebSocketClient Socket => socket;

    public static async Task<RocketClient> ConnectAsync(Uri hub) => new(await WebSocketClient.ConnectAsync(hub));

    /// <summary>Connects to a hub of <see cref="WebRocketHubs"/> and authenticates.</summary>
    /// <param name="who">A kind of access for version 1, a user's name for version 2.</param>
    public static async Task<RocketClient> ConnectAsync(Uri hub, string who, string secret)
    {
        var client = await ConnectAsync(hub);
        if (who.StartsWith("read-", StringComparison.Ordinal))
        {
            await client.AskAsync($$$"""{"auth":{"access":"{{{who}}}","secret":"{{{secret}}}"}}""", """{"ok":true}""");
        }
        else
        {
            await client.AskAsync($$$"""{"authenticate":{"user":"{{{who}}}","secret":"{{{secret}}}"}}""", $$"""{"authenticated":"{{who}}"}""");
        }

        return client;
    }

    public Task SendAsync(string text) => socket.SendAsync(text);

    /// <summary>The next message.</summary>
    public async Task<JsonNode> ReceiveAsync() => JsonNode.Parse((await socket.ReceiveTextAsync()).ShouldNotBeNull($"closed with {socket.CloseStatus}"))!;

    /// <summary>The next message must be this one.</summary>
    public async Task ExpectAsync(string expected)
    {
        var message = await ReceiveAsync();
        JsonNode.DeepEquals(message, JsonNode.Parse(expected)).ShouldBeTrue($"{message.ToJsonString()} instead of {expected}");
    }

    /// <summary>Sends a message and gets the one that comes next.</summary>
    public async Task<JsonNode> AskAsync(string text)
    {
        await SendAsync(text);
        return await ReceiveAsync();
    }

    /// <summary>Sends a message; the one that comes next must be this answer.</summary>
    public async Task AskAsync(string text, string expected)
    {
        await SendAsync(text);
        await ExpectAsync(expected);
    }

    public ValueTask DisposeAsync() => socket.DisposeAsync();
}
