using System.Text.Json.Nodes;
using Broker.Node.Tests.Cluster;

namespace Broker.Node.Tests.WebRocket;

/// <summary>Messages of version 2 from client to client, where the hub allows them.</summary>
public abstract class DirectMessages
{
    [Fact]
    public async Task Direct_ReachesTheClientAlone()
    {
        var server = await ServerAsync();
        var (ann, annsToken) = await ConnectAsync(server, "front", "read-secret");
        var (bob, bobsToken) = await ConnectAsync(server, "back", "rw-secret");
        await using var first = ann;
        await using var second = bob;
        annsToken.ShouldMatch("^[0-9a-f]{40}$");
        annsToken.ShouldNotBe(bobsToken);

        await SendAsync(bob, $$$"""{"direct":{"event":"e","client":"{{{annsToken}}}","data":{"a":1},"x":2}}""", $$"""{"directSent":"{{annsToken}}"}""");
        await ann.ExpectAsync($$$"""{"event":"e","client":"{{{annsToken}}}","data":{"a":1},"x":2}""");

        // To itself, too; and in one order with what else is sent there.
        await bob.SendAsync($$$"""{"direct":{"event":"e","client":"{{{bobsToken}}}"}}""");
        string[] both = [(await bob.ReceiveAsync()).ToJsonString(), (await bob.ReceiveAsync()).ToJsonString()];
        both.ShouldBe([$$"""{"event":"e","client":"{{bobsToken}}"}""", $$"""{"directSent":"{{bobsToken}}"}"""], ignoreOrder: true);
    }

    [Theory]
    [InlineData("""{"direct":{"client":"x"}}""", """{"err":"INVALID_PAYLOAD"}""")]
    [InlineData("""{"direct":{"event":5,"client":"x"}}""", """{"err":"INVALID_PAYLOAD"}""")]
    [InlineData("""{"direct":{"event":"e"}}""", """{"err":"INVALID_PAYLOAD"}""")]
    [InlineData("""{"direct":{"event":"e","client":5}}""", """{"err":"INVALID_PAYLOAD"}""")]
    [InlineData("""{"direct":true}""", """{"err":"INVALID_PAYLOAD"}""")]
    [InlineData("""{"direct":{"event":"e","client":"x"}}""", """{"err":"INVALID_CLIENT"}""")]
    [InlineData("""{"direct":{"event":"e","client":"0123456789012345678901234567890123456789"}}""", """{"err":"INVALID_CLIENT"}""")]
    public async Task Direct_ThatCannotBeSent_IsAnError(string message, string answer)
    {
        var (client, _) = await ConnectAsync(await ServerAsync(), "back", "rw-secret");
        await using var it = client;

        await client.AskAsync(message, answer);
    }

    [Fact]
    public async Task Direct_WithoutTheRightToWrite_IsDenied()
    {
        var (client, token) = await ConnectAsync(await ServerAsync(), "front", "read-secret");
        await using var it = client;

        await client.AskAsync($$$"""{"direct":{"event":"e","client":"{{{token}}}"}}""", """{"err":"ACCESS_DENIED"}""");
        await client.AskAsync("""{"direct":{}}""", """{"err":"ACCESS_DENIED"}""");
    }

    [Fact]
    public async Task Direct_ToAClientThatLoggedOutOrIsGone_FindsNobody()
    {
        var server = await ServerAsync();
        var (ann, token) = await ConnectAsync(server, "front", "read-secret");
        var (bob, _) = await ConnectAsync(server, "back", "rw-secret");
        await using var first = ann;
        await using var second = bob;
        await SendAsync(bob, $$$"""{"direct":{"event":"early","client":"{{{token}}}"}}""", $$"""{"directSent":"{{token}}"}""");
        await bob.AskAsync($$$"""{"direct":{"event":"e","client":"{{{token}}}"}}""", $$"""{"directSent":"{{token}}"}""");
        await ExpectBehindAsync(ann, "early", $$"""{"event":"e","client":"{{token}}"}""");
        await ann.AskAsync("""{"logout":true}""", """{"loggedOut":true}""");

        await SendAsync(bob, $$$"""{"direct":{"event":"late","client":"{{{token}}}"}}""", """{"err":"INVALID_CLIENT"}""");

        // Its token is its own as long as its connection.
        (await ann.AskAsync("""{"authenticate":{"user":"front","secret":"read-secret"}}""")).ToJsonString().ShouldBe($$"""{"authenticated":"front","client":"{{token}}"}""");
        await SendAsync(bob, $$$"""{"direct":{"event":"again","client":"{{{token}}}"}}""", $$"""{"directSent":"{{token}}"}""");
        await ExpectBehindAsync(ann, "late", $$"""{"event":"again","client":"{{token}}"}""");
        await ann.DisposeAsync();
        await SendAsync(bob, $$$"""{"direct":{"event":"e","client":"{{{token}}}"}}""", """{"err":"INVALID_CLIENT"}""");
    }

    [Fact]
    public async Task Clients_WhoMayNotRead_HaveNoToken()
    {
        var server = await ServerAsync();
        await using var client = await RocketClient.ConnectAsync(server.Socket(WebRocketHubs.Direct, "v=2"));

        await client.AskAsync("""{"authenticate":{"user":"wo","secret":"w"}}""", """{"authenticated":"wo"}""");
    }

    [Fact]
    public async Task Hubs_AreApart()
    {
        var server = await ServerAsync();
        var (ann, token) = await ConnectAsync(server, "front", "read-secret");
        await using var it = ann;
        await using var other = await RocketClient.ConnectAsync(server.Socket(WebRocketHubs.Own, "v=2"), "back", "rw-secret");

        await other.SendAsync($$$"""{"direct":{"event":"e","client":"{{{token}}}"}}""");   // no action there
        await other.AskAsync("""{"unsubscribe":{"channel":"fence"}}""", """{"unsubscribed":"fence"}""");
        await other.AskAsync($$$"""{"broadcast":{"event":"e","channel":"{{{token}}}"}}""", """{"err":"INVALID_CHANNEL"}""");
    }

    /// <summary>What they run against.</summary>
    private protected abstract Task<ServerUnderTest> ServerAsync();

    private static async Task<(RocketClient Client, string Token)> ConnectAsync(ServerUnderTest server, string user, string secret)
    {
        var client = await RocketClient.ConnectAsync(server.Socket(WebRocketHubs.Direct, "v=2"));
        var answer = await client.AskAsync($$$"""{"authenticate":{"user":"{{{user}}}","secret":"{{{secret}}}"}}""");
        answer["authenticated"]!.GetValue<string>().ShouldBe(user);
        return (client, answer["client"]!.GetValue<string>());
    }

    /// <summary>Of what was sent over and over until other nodes had heard, each may have arrived.</summary>
    private static async Task ExpectBehindAsync(RocketClient client, string repeated, string expected)
    {
        var message = await client.ReceiveAsync();
        while (message["event"]?.GetValue<string>() == repeated)
        {
            message = await client.ReceiveAsync();
        }

        JsonNode.DeepEquals(message, JsonNode.Parse(expected)).ShouldBeTrue($"{message.ToJsonString()} instead of {expected}");
    }

    /// <summary>Other nodes hear a moment later of who has come and gone.</summary>
    private static async Task SendAsync(RocketClient client, string message, string wanted)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!JsonNode.DeepEquals(await client.AskAsync(message), JsonNode.Parse(wanted)))
        {
            patience.Token.ThrowIfCancellationRequested();
        }
    }
}
