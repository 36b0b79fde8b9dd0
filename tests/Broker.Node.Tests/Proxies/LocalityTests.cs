using System.Net;
using Broker.Node.Tests.Connections;
using Broker.Node.Tests.Nodes;
using Broker.TestKit.Proxies;

namespace Broker.Node.Tests.Proxies;

/// <summary>What is open on loopback only is not open behind a proxy, however the node learns that there is one.</summary>
public sealed class LocalityTests
{
    public static TheoryData<WayIn> Ways => [WayIn.Fast, WayIn.Pipe, WayIn.Tls, WayIn.Upgrade];

    public static TheoryData<WayIn, string> WaysAndHeaders()
    {
        var data = new TheoryData<WayIn, string>();
        foreach (var way in (WayIn[])[WayIn.Fast, WayIn.Pipe, WayIn.Tls, WayIn.Upgrade])
        {
            foreach (var header in (string[])["Forwarded", "x-forwarded-for", "X-Forwarded-Proto", "X-Real-IP", "Via"])
            {
                data.Add(way, header);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Loopback_WithoutAProxy_IsOpen(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way);
        await using var client = await node.ConnectAsync(way, "/rocketws");

        (await client.CallAsync("subscribe", """{"channel":"chat"}""")).GetProperty("result").GetString().ShouldBe("subscribed");
    }

    [Theory]
    [MemberData(nameof(WaysAndHeaders))]
    public async Task Loopback_WhenARequestHasAProxysHeader_IsNotOpen(WayIn way, string header)
    {
        await using var node = await WaysIn.StartAsync(way);

        var refused = await Should.ThrowAsync<WebSocketException>(() => node.ConnectAsync(way, "/rocketws", options =>
        {
            options.SetRequestHeader(header, "127.0.0.1");
            options.CollectHttpResponseDetails = true;
        }));

        refused.Message.ShouldContain("403");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Loopback_WhenThereAreTrustedProxies_IsNotOpen(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way, ("Broker:TrustedProxies:0", "192.0.2.1"));

        (await Should.ThrowAsync<WebSocketException>(() => node.ConnectAsync(way, "/rocketws"))).Message.ShouldContain("403");
        (await node.Http.PostAsync("/rocketws", new StringContent("{}"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await node.Http.GetStringAsync("/")).ShouldContain("data-demo=\"off\"");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Loopback_BehindTheProxyProtocol_IsNotOpen(WayIn way)
    {
        await using var node = await ProxiedNode.StartAsync(way, "ProxyProtocol", ["127.0.0.1"], ("Broker:Apps:0:Id", "shop"));
        using var client = await node.ConnectAsync(way, ProxyBytes.Of("127.0.0.1:1"));
        await client.SendAsync(RawHttp.Upgrade("/rocketws"));

        (await client.ReadUntilAsync("\r\n")).ShouldStartWith("HTTP/1.1 403");
    }
}
