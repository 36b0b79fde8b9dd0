using Broker.Node.Tests.Cluster;

namespace Broker.Node.Tests.WebRocket;

/// <summary>Which channels there are to publish to: those that somebody has been in, whatever the node and the dialect.</summary>
public abstract class ChannelsThatAreThere
{
    [Fact]
    public async Task Channel_ThatSomebodySubscribedTo_IsThereForEveryNode()
    {
        var server = await ServerAsync();
        for (var i = 0; i < 12; i++)
        {
            // Connections are spread over the nodes, and names over the shards.
            var channel = $"there-{Guid.NewGuid():N}";
            await using var subscriber = await RocketClient.ConnectAsync(server.Socket(WebRocketHubs.Own, "v=1"), "read-only", "read-secret");
            await using var publisher = await RocketClient.ConnectAsync(server.Socket(WebRocketHubs.Own, "v=1"), "read-write", "rw-secret");
            var publish = $$$"""{"publish":{"event":"e","channel":"{{{channel}}}"}}""";

            await publisher.AskAsync(publish, """{"err":"invalid_channel"}""");
            await subscriber.AskAsync($$$"""{"subscribe":{"channel":"{{{channel}}}"}}""", """{"ok":true}""");
            await publisher.AskAsync(publish, """{"ok":true}""");
            await subscriber.ExpectAsync($$"""{"event":"e","channel":"{{channel}}"}""");
            await subscriber.AskAsync($$$"""{"unsubscribe":{"channel":"{{{channel}}}"}}""", """{"ok":true}""");
            await publisher.AskAsync(publish, """{"ok":true}""");
        }
    }

    /// <summary>Asking about a channel does not make it; being in it or publishing to it does, in any dialect.</summary>
    [Fact]
    public async Task Channel_OfASharedApp_IsThereOnceAnyDialectWasInIt()
    {
        var server = await ServerAsync();
        await using var publisher = await RocketClient.ConnectAsync(server.Socket(WebRocketHubs.Shared, "v=2"), "back", "rw-secret");
        await using var native = await Nodes.WebSocketClient.ConnectAsync(server.Socket("/rpc", ""));
        var (subscribed, published) = ($"s-{Guid.NewGuid():N}", $"p-{Guid.NewGuid():N}");
        foreach (var channel in new[] { subscribed, published })
        {
            await native.CallAsync("history", $$"""{"channel":"{{channel}}"}""");
            await native.CallAsync("presence", $$"""{"channel":"{{channel}}"}""");
            await publisher.AskAsync($$$"""{"broadcast":{"event":"e","channel":"{{{channel}}}"}}""", """{"err":"INVALID_CHANNEL"}""");
        }

        await native.CallAsync("subscribe", $$"""{"channel":"{{subscribed}}"}""");
        await native.CallAsync("publish", $$"""{"channel":"{{published}}","event":"e","data":1}""");

        foreach (var channel in new[] { subscribed, published })
        {
            await publisher.AskAsync($$$"""{"broadcast":{"event":"e","channel":"{{{channel}}}"}}""", $$"""{"broadcasted":"{{channel}}"}""");
        }
    }

    /// <summary>What they run against.</summary>
    private protected abstract Task<ServerUnderTest> ServerAsync();
}
