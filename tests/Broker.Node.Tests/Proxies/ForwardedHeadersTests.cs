using Broker.Node.Tests.Connections;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Proxies;

public sealed class ForwardedHeadersTests
{
    public static TheoryData<WayIn> Ways => [WayIn.Fast, WayIn.Pipe, WayIn.Tls, WayIn.Upgrade];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task XForwardedFor_OfATrustedProxy_NamesTheClient(WayIn way)
    {
        await using var node = await ProxiedNode.StartAsync(way, proxy: null, ["127.0.0.1", "10.0.0.0/8"]);
        using var client = await node.ConnectAsync(way, []);
        await client.SubscribeAsync("X-Forwarded-For: 192.0.2.66, 198.51.100.9\r\nX-Forwarded-For: 10.1.1.1\r\nForwarded: for=192.0.2.67\r\n");

        (await node.SubscribersAsync()).ShouldBe(["198.51.100.9:0"]);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Forwarded_OfATrustedProxy_NamesTheClientWhereTheListenerGoesByIt(WayIn way)
    {
        await using var node = await ProxiedNode.StartAsync(way, "Forwarded", ["127.0.0.1"]);
        using var client = await node.ConnectAsync(way, []);
        await client.SubscribeAsync("X-Forwarded-For: 192.0.2.66\r\nForwarded: for=192.0.2.67, for=\"[2001:db8::9]:4711\";proto=https\r\n");

        (await node.SubscribersAsync()).ShouldBe(["[2001:db8::9]:4711"]);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task XForwardedFor_OfAnybodyElse_ChangesNothing(WayIn way)
    {
        await using var node = await ProxiedNode.StartAsync(way, proxy: null, ["192.0.2.0/24"]);
        using var client = await node.ConnectAsync(way, []);
        await client.SubscribeAsync("X-Forwarded-For: 198.51.100.9\r\n");
        using var http = await node.ConnectAsync(way, []);

        (await node.SubscribersAsync()).ShouldBe([client.Local.ToString()]);
        (await http.WhoAsync("X-Forwarded-For: 198.51.100.9\r\n")).ShouldBe(http.Local.ToString());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task XForwardedFor_WhereTheListenerHasNoProxy_ChangesNothing(WayIn way)
    {
        await using var node = await ProxiedNode.StartAsync(way, "None", ["127.0.0.1"]);
        using var client = await node.ConnectAsync(way, []);
        await client.SubscribeAsync("X-Forwarded-For: 198.51.100.9\r\n");

        (await node.SubscribersAsync()).ShouldBe([client.Local.ToString()]);
    }

    /// <summary>One connection of a proxy carries requests of many clients.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task XForwardedFor_OfHttpRequests_NamesTheClientOfEach(WayIn way)
    {
        await using var node = await ProxiedNode.StartAsync(way, proxy: null, ["127.0.0.1"]);
        using var http = await node.ConnectAsync(way, []);

        (await http.WhoAsync("X-Forwarded-For: 198.51.100.1\r\n")).ShouldBe("198.51.100.1:0");
        (await http.WhoAsync("X-Forwarded-For: 198.51.100.2\r\n")).ShouldBe("198.51.100.2:0");
        (await http.WhoAsync()).ShouldBe(http.Local.ToString());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task PerAddressLimit_BehindAProxy_CountsClients(WayIn way)
    {
        await using var node = await ProxiedNode.StartAsync(way, proxy: null, ["127.0.0.1"], ("Broker:Limits:SessionsPerAddress", "1"));
        using var one = await node.ConnectAsync(way, []);
        await one.SubscribeAsync("X-Forwarded-For: 198.51.100.1\r\n");
        using var other = await node.ConnectAsync(way, []);
        await other.SubscribeAsync("X-Forwarded-For: 198.51.100.2\r\n");
        using var again = await node.ConnectAsync(way, []);
        await again.SendAsync(RawHttp.Upgrade("/rocketws", "X-Forwarded-For: 198.51.100.1\r\n"));

        (await again.ReadUntilAsync("\r\n")).ShouldStartWith("HTTP/1.1 429");
    }
}
