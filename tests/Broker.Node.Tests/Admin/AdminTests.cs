using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Admin;

public sealed class AdminTests
{
    private const string Token = "a token of 16 characters";

    private static readonly string Hash = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Token)));

    [Theory]
    [InlineData("/admin/api/config")]
    [InlineData("/admin/api/node")]
    [InlineData("/admin/api/cluster")]
    public async Task Admin_WithoutATokenInTheSettings_IsNotThere(string path)
    {
        await using var node = await BrokerNode.StartAsync();

        (await GetAsync(node, path, Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a token of 16 character")]
    [InlineData("A TOKEN OF 16 CHARACTERS")]
    public async Task Admin_WithAnotherToken_IsRefused(string? given)
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Admin:Token", Token));
        foreach (var path in new[] { "/admin/api/config", "/admin/api/node" })
        {
            using var reply = await GetAsync(node, path, given);
            reply.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            reply.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        }
    }

    [Fact]
    public async Task Admin_WithAHashInTheSettings_TakesTheTokenAndNotTheHash()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Admin:Token", Hash));

        (await GetAsync(node, "/admin/api/node", Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await GetAsync(node, "/admin/api/node", Hash)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Config_ShowsWhatIsInForceAndWhereItCameFrom()
    {
        await using var node = await BrokerNode.StartAsync(
            ("Broker:Admin:Token", Token), ("broker:limits:framebytes", "131072"), ("Broker:Sessions:PingAfter", "00:00:30"),
            ("Broker:Namespaces:0:Pattern", "news.*"), ("Broker:Namespaces:0:Publish", "backend"));

        var settings = await ConfigAsync(node);

        settings["Broker:Limits:FrameBytes"].ShouldBe(("131072", "command line"));
        settings["Broker:Limits:HeadBytes"].ShouldBe(("16384", "default"));
        settings["Broker:Limits:OutboxBytes"].ShouldBe((null, "default"));
        settings["Broker:Sessions:PingAfter"].ShouldBe(("00:00:30", "command line"));
        settings["Broker:Namespaces:0:Pattern"].ShouldBe(("news.*", "command line"));
        settings["Broker:Namespaces:0:Publish"].ShouldBe(("Backend", "command line"));
        settings["Broker:Namespaces:0:HistorySize"].ShouldBe(("1000", "default"));
    }

    [Fact]
    public async Task Config_HidesSecrets()
    {
        const string Secret = "do not tell anybody";
        await using var node = await BrokerNode.StartAsync(
            ("Broker:Admin:Token", Token), ("Broker:Metrics:Token", Secret), ("Broker:RocketWs:SourceToken", Secret),
            ("Broker:Apps:0:Id", "shop"), ("Broker:Apps:0:Key", "shop-key"), ("Broker:Apps:0:Secret", Secret),
            ("Broker:Telemetry:Otlp:Headers", "authorization=" + Secret));

        var text = await (await GetAsync(node, "/admin/api/config", Token)).Content.ReadAsStringAsync();
        var settings = await ConfigAsync(node);

        text.ShouldNotContain(Secret);
        text.ShouldNotContain(Token);
        settings["Broker:Admin:Token"].ShouldBe(("(hidden)", "command line"));
        settings["Broker:Apps:0:Secret"].ShouldBe(("(hidden)", "command line"));
        settings["Broker:Apps:0:Id"].ShouldBe(("shop", "command line"));
    }

    [Fact]
    public async Task Node_TellsHowItIsDoing()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Admin:Token", Token), ("Broker:Loops", "2"));
        await using var client = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        await client.CallAsync("subscribe", """{"channel":"room"}""");
        await client.CallAsync("publish", """{"channel":"room","event":"e","data":1}""");

        var report = JsonDocument.Parse(await (await GetAsync(node, "/admin/api/node", Token)).Content.ReadAsStringAsync()).RootElement;

        report.GetProperty("version").GetString().ShouldNotBeNullOrEmpty();
        report.GetProperty("uptimeSeconds").GetDouble().ShouldBeGreaterThanOrEqualTo(0);
        report.GetProperty("sessions").GetInt32().ShouldBe(1);
        report.GetProperty("subscriptions").GetInt32().ShouldBe(1);
        report.GetProperty("channels").GetInt32().ShouldBe(1);
        report.GetProperty("ownedShards").GetInt32().ShouldBe(report.GetProperty("shards").GetInt32());
        report.GetProperty("emits").GetInt64().ShouldBe(1);
        report.GetProperty("loops").GetArrayLength().ShouldBe(2);
        report.GetProperty("loops")[0].GetProperty("busyShare").GetDouble().ShouldBeInRange(0, 1);
    }

    private static async Task<HttpResponseMessage> GetAsync(BrokerNode node, string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return await node.Http.SendAsync(request);
    }

    private static async Task<Dictionary<string, (string? Value, string? From)>> ConfigAsync(BrokerNode node)
    {
        using var reply = await GetAsync(node, "/admin/api/config", Token);
        reply.Headers.CacheControl!.NoStore.ShouldBeTrue();
        return JsonDocument.Parse(await reply.Content.ReadAsStringAsync()).RootElement.EnumerateArray().ToDictionary(
            setting => setting.GetProperty("name").GetString()!,
            setting => (setting.TryGetProperty("value", out var value) ? value.GetString() : null, setting.GetProperty("from").GetString()));
    }
}
