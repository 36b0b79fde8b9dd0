using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Connections;

public sealed class DialectRoutesTests
{
    private const string Everywhere = "http://0.0.0.0:0";

    [Fact]
    public async Task RocketWs_OnAnAddressBeyondLoopback_IsRefused()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Urls", Everywhere));

        (await UpgradeAsync(node, "/rocketws")).ShouldStartWith("HTTP/1.1 403");
    }

    [Theory]
    [InlineData("Broker:Apps:0:Id", "default")]
    [InlineData("Broker:Namespaces:0:Pattern", "*")]
    public async Task RocketWs_WhenSettingsNameItsApp_IsServedEverywhere(string name, string value)
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Urls", Everywhere), (name, value));
        await using var client = await WebSocketClient.ConnectAsync(node.Socket("/rocketws"));

        (await client.CallAsync("subscribe", """{"channel":"chat"}""")).GetProperty("result").GetString().ShouldBe("subscribed");
    }

    [Fact]
    public async Task RocketWs_BehindAProxyOnLoopback_IsRefused()
    {
        await using var node = await BrokerNode.StartAsync();

        (await UpgradeAsync(node, "/rocketws", "X-Forwarded-For: 192.0.2.1\r\n")).ShouldStartWith("HTTP/1.1 403");
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("default")]
    public async Task Native_OnAnAddressBeyondLoopback_KnowsNoOpenApp(string app)
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Urls", Everywhere));
        await using var client = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));

        var connected = await client.CallAsync("connect", $$"""{"app":"{{app}}"}""");
        var subscribed = await client.CallAsync("subscribe", """{"channel":"chat"}""");

        connected.GetProperty("error").GetProperty("message").GetString().ShouldBe("Unknown app");
        subscribed.GetProperty("error").GetProperty("message").GetString().ShouldBe("Unknown app");
    }

    [Fact]
    public async Task Demo_WhenAnAppIsConfigured_IsGone()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Apps:0:Id", "shop"));
        await using var client = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));

        (await client.CallAsync("connect", """{"app":"demo"}""")).GetProperty("error").GetProperty("message").GetString().ShouldBe("Unknown app");
        (await client.CallAsync("connect", """{"app":"shop"}""")).TryGetProperty("result", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task AppWithCredentials_GrantsAnonymousClientsOnlyWhatANamespaceSays()
    {
        await using var node = await BrokerNode.StartAsync(
            ("Broker:Apps:0:Id", "shop"), ("Broker:Apps:0:Key", "key"), ("Broker:Apps:0:Secret", "secret"),
            ("Broker:Namespaces:0:App", "shop"), ("Broker:Namespaces:0:Pattern", "news.*"), ("Broker:Namespaces:0:Publish", "backend"));
        await using var client = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        await client.CallAsync("connect", """{"app":"shop"}""");

        (await client.CallAsync("subscribe", """{"channel":"orders"}""")).GetProperty("error").GetProperty("message").GetString().ShouldBe("Forbidden");
        (await client.CallAsync("subscribe", """{"channel":"news.today"}""")).TryGetProperty("result", out _).ShouldBeTrue();
        (await client.CallAsync("publish", """{"channel":"news.today","event":"e","data":1}"""))
            .GetProperty("error").GetProperty("message").GetString().ShouldBe("Forbidden");
    }

    [Fact]
    public async Task OwnApp_IsNobodys()
    {
        await using var node = await BrokerNode.StartAsync();
        await using var client = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        await client.CallAsync("connect", """{"app":"$node"}""");

        var subscribed = await client.CallAsync("subscribe", """{"channel":"probe-0-1"}""");

        subscribed.GetProperty("error").GetProperty("message").GetString().ShouldBe("Forbidden");
    }

    [Fact]
    public async Task Echo_UnlessSwitchedOn_IsNotThere()
    {
        await using var node = await BrokerNode.StartAsync();

        (await UpgradeAsync(node, "/echo")).ShouldStartWith("HTTP/1.1 404");
    }

    [Theory]
    [InlineData("Broker:Limits:Sessions", "503")]
    [InlineData("Broker:Limits:SessionsPerAddress", "429")]
    public async Task Knock_WhenThereAreAsManySessionsAsThereMayBe_IsRefusedUntilOneCloses(string limit, string status)
    {
        await using var node = await BrokerNode.StartAsync((limit, "1"));
        await using (var first = await WebSocketClient.ConnectAsync(node.Socket("/rpc")))
        {
            await first.CallAsync("ping");
            (await UpgradeAsync(node, "/rpc")).ShouldStartWith("HTTP/1.1 " + status);
            await first.CloseAsync();
        }

        await using var next = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        (await next.CallAsync("ping")).TryGetProperty("result", out _).ShouldBeTrue();
    }

    private static async Task<string> UpgradeAsync(BrokerNode node, string path, string headers = "")
    {
        using var raw = await RawHttp.ConnectAsync(node.Port);
        await raw.SendAsync(RawHttp.Upgrade(path, headers));
        return await raw.ReadUntilAsync("\r\n");
    }
}
