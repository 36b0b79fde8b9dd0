using System.Net;
using System.Net.Http.Headers;
using Broker.Actors;
using Broker.Messages;
using Broker.Node.Apps;
using Broker.Node.Tests.Nodes;
using Broker.TestKit.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.Rights;

/// <summary>What belongs to one app opens nothing in another, and channels of the same name never meet.</summary>
[Trait("Needs", "server")]
public sealed class AppsApartTests(RightsNode node) : IClassFixture<RightsNode>
{
    private const string Channel = "subscribe-Anonymous-apart";

    private readonly BrokerNode _node = node.Node;

    [Fact]
    public async Task TokenOfAnApp_OpensNoOther()
    {
        await using var client = await WebSocketClient.ConnectAsync(_node.Socket("/rpc"));
        var ours = RightsNode.Token("\"sub\":\"ann\"");
        var shops = Jwt.HS256(RightsNode.ShopSecret, Jwt.Claims("\"sub\":\"ann\",\"channels\":[\"*\"]"));

        (await CodeAsync(client, "connect", $$"""{"app":"shop","token":"{{ours}}"}""")).ShouldBe(-32006);
        (await CodeAsync(client, "connect", $$"""{"app":"default","token":"{{shops}}"}""")).ShouldBe(-32006);
        (await CodeAsync(client, "connect", $$"""{"token":"{{shops}}"}""")).ShouldBe(-32006);
        (await CodeAsync(client, "subscribe", """{"channel":"subscribe-Anonymous-x"}""")).ShouldBe(-32004);
        (await CodeAsync(client, "connect", $$"""{"app":"shop","token":"{{shops}}"}""")).ShouldBeNull();
        (await CodeAsync(client, "connect", $$"""{"app":"default","token":"{{ours}}"}""")).ShouldBe(-32003);   // a user stays in its app
    }

    [Fact]
    public async Task TokenForAChannelOfAnApp_OpensNoOthersChannel()
    {
        await using var client = await WebSocketClient.ConnectAsync(_node.Socket("/rpc"));
        var shops = Jwt.HS256(RightsNode.ShopSecret, Jwt.Claims("\"channel\":\"subscribe-Proof-x\""));

        (await CodeAsync(client, "subscribe", $$"""{"channel":"subscribe-Proof-x","token":"{{shops}}"}""")).ShouldBe(-32006);
        (await CodeAsync(client, "publish", $$"""{"channel":"subscribe-Proof-x","event":"e","data":1,"token":"{{shops}}"}""")).ShouldBe(-32006);
    }

    [Fact]
    public async Task ChannelsOfOneName_InTwoApps_NeverMeet()
    {
        await using var ours = await WebSocketClient.ConnectAsync(_node.Socket("/rpc"));
        await using var shops = await WebSocketClient.ConnectAsync(_node.Socket("/rpc"));
        var token = Jwt.HS256(RightsNode.ShopSecret, Jwt.Claims("\"sub\":\"ann\""));
        (await CodeAsync(shops, "connect", $$"""{"app":"shop","token":"{{token}}"}""")).ShouldBeNull();
        (await CodeAsync(ours, "subscribe", $$"""{"channel":"{{Channel}}"}""")).ShouldBeNull();
        (await CodeAsync(shops, "subscribe", $$"""{"channel":"{{Channel}}"}""")).ShouldBeNull();

        // In the one app, by every way; then in the other.
        await using var rocket = await WebSocketClient.ConnectAsync(_node.Socket("/rocketws"));
        (await CodeAsync(rocket, "subscribe", $$"""{"channel":"{{Channel}}"}""")).ShouldBeNull();
        (await CodeAsync(rocket, "send_data", $$$"""{"channel":"{{{Channel}}}","data":{"by":1}}""")).ShouldBeNull();
        (await CodeAsync(ours, "publish", $$"""{"channel":"{{Channel}}","event":"e","data":2}""")).ShouldBeNull();
        (await PostAsync($$$"""{"jsonrpc":"2.0","id":0,"method":"emit","params":{"channel":"{{{Channel}}}","data":{"by":3} } }""")).ShouldContain("emitted: 2");
        (await PostAsync("""{"jsonrpc":"2.0","id":0,"method":"notify_all","params":{"data":{"by":4}}}""")).ShouldContain("notified: ");
        (await CodeAsync(shops, "publish", $$"""{"channel":"{{Channel}}","event":"e","data":"shop"}""")).ShouldBeNull();

        (await shops.ReceiveAsync()).GetProperty("params").GetProperty("data").GetString().ShouldBe("shop");
        (await shops.CallAsync("history", $$"""{"channel":"{{Channel}}"}""")).GetProperty("result").GetProperty("offset").GetInt64().ShouldBe(1);
        var offsets = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            offsets.Add((await ours.ReceiveAsync()).GetProperty("params").GetProperty("data").GetRawText());
        }

        offsets.ShouldBe(["""{"by":1}""", "2", """{"by":3}""", """{"by":4}"""]);
    }

    [Theory]
    [InlineData("default", RightsNode.ShopApiKey, "invalid_credentials")]
    [InlineData("shop", RightsNode.ApiKey, "invalid_credentials")]
    [InlineData("shop", RightsNode.SourceToken, "invalid_credentials")]
    [InlineData("default", RightsNode.SourceToken, "invalid_credentials")]
    [InlineData("nowhere", RightsNode.ApiKey, "unknown_app")]
    [InlineData("$node", RightsNode.ApiKey, "unknown_app")]
    [InlineData("demo", RightsNode.ApiKey, "unknown_app")]
    [InlineData("shop", RightsNode.ShopApiKey, null)]
    public void ApiKeyOfAnApp_OpensNoOther(string app, string key, string? code)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers["X-API-Key"] = key;

        (_node.Services.GetRequiredService<Callers>().Find(app, context) as Caller.Refused)?.Code.ShouldBe(code);
    }

    [Fact]
    public async Task IdempotencyKeyOfAnApp_IsNoneInAnother()
    {
        var ingress = _node.Services.GetRequiredService<LocalNode>().Ingress;
        var ours = await ingress.EmitAsync(new Actors.Rights.Identity.Backend("default"), new ChannelName("default", "publish-Backend-k"), "e", "1"u8.ToArray(), "key");
        var shops = await ingress.EmitAsync(new Actors.Rights.Identity.Backend("default"), new ChannelName("shop", "publish-Backend-k"), "e", "2"u8.ToArray(), "key");

        ours.Position.Offset.ShouldBe(1);
        shops.Position.Offset.ShouldBe(1);
        shops.Position.Epoch.ShouldNotBe(ours.Position.Epoch);
    }

    [Fact]
    public async Task NotifyAll_WhereNobodyMayPublish_IsNotHeard()
    {
        await using var deaf = await WebSocketClient.ConnectAsync(_node.Socket("/rpc"));
        (await CodeAsync(deaf, "subscribe", """{"channel":"publish-Nobody-deaf"}""")).ShouldBeNull();
        (await CodeAsync(deaf, "subscribe", """{"channel":"publish-Backend-fence"}""")).ShouldBeNull();
        await PostAsync("""{"jsonrpc":"2.0","id":0,"method":"notify_all","params":{"data":{}}}""");

        (await deaf.ReceiveAsync()).GetProperty("params").GetProperty("channel").GetString().ShouldBe("publish-Backend-fence");
        await PostAsync("""{"jsonrpc":"2.0","id":0,"method":"emit","params":{"channel":"publish-Backend-fence","data":{"last":1}}}""");
        (await deaf.ReceiveAsync()).GetProperty("params").GetProperty("data").GetRawText().ShouldBe("""{"last":1}""");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(RightsNode.ApiKey)]
    [InlineData("wrong")]
    public async Task MessageSource_OfAnAppWithCredentials_NeedsItsTokenOnThisMachineToo(string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/rocketws") { Content = new StringContent("{}") };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var reply = await _node.Http.SendAsync(request);

        reply.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private async Task<string> PostAsync(string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/rocketws") { Content = new StringContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RightsNode.SourceToken);
        using var reply = await _node.Http.SendAsync(request);
        return await reply.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    private static async Task<int?> CodeAsync(WebSocketClient client, string method, string parameters)
    {
        var answer = await client.CallAsync(method, parameters);
        return answer.TryGetProperty("error", out var error) ? error.GetProperty("code").GetInt32() : null;
    }
}
