using System.Net;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Proxies;

/// <summary>haproxy, nginx and Caddy, each with the configuration that docs/deployment.md shows.</summary>
[Trait("Needs", "proxy")]
public sealed class RealProxyTests
{
    // What a client may try: none of it is anybody's word but its own.
    private const string Forged = "X-Forwarded-For: 192.0.2.66\r\nForwarded: for=192.0.2.66\r\nX-Real-IP: 192.0.2.66\r\n";

    public static TheoryData<string> All => ["haproxy", "nginx", "caddy"];

    public static TheoryData<string> WithTlsBehind => ["haproxy", "nginx"];

    [Theory]
    [MemberData(nameof(All))]
    public async Task WebSocket_WhoseTlsEndsInTheProxy_IsCarried_AndTheNodeKnowsItsClient(string name)
    {
        await using var proxy = await StartAsync(name);
        using var client = await proxy.ConnectAsync(proxy.Port);

        await SubscribeAndSendAsync(client);

        (await proxy.SubscribersAsync()).ShouldContain("""[["127.0.0.2",""");
    }

    [Theory]
    [MemberData(nameof(WithTlsBehind))]
    public async Task WebSocket_WhoseTlsReachesTheNode_IsCarried_AndTheNodeKnowsItsClient(string name)
    {
        await using var proxy = await StartAsync(name);
        using var client = await proxy.ConnectAsync(proxy.SecondPort);

        await SubscribeAndSendAsync(client);

        (await proxy.SubscribersAsync()).ShouldContain("""[["127.0.0.2",""");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Origin_ThroughTheProxy_IsJudged(string name)
    {
        await using var proxy = await StartAsync(name);
        foreach (var (origin, status) in new[] { ("https://www.example.com", "101"), ("https://www.example.net", "403") })
        {
            using var client = await proxy.ConnectAsync(proxy.Port);
            await client.SendAsync(Upgrade($"Origin: {origin}\r\n"));
            (await client.ReadUntilAsync("\r\n")).ShouldStartWith($"HTTP/1.1 {status}");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Paths_OfOperators_AreNotReachedThroughTheProxy(string name)
    {
        await using var proxy = await StartAsync(name);

        (await proxy.GetAsync("/metrics")).ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.Forbidden);
        (await proxy.GetAsync("/admin/api/config")).ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.Forbidden);
        (await proxy.GetAsync("/health/live")).ShouldBe(HttpStatusCode.OK);
    }

    private static Task<RealProxy> StartAsync(string name) => name switch
    {
        "haproxy" => RealProxy.HaproxyAsync(),
        "nginx" => RealProxy.NginxAsync(),
        _ => RealProxy.CaddyAsync(),
    };

    private static string Upgrade(string headers) =>
        RawHttp.Upgrade("/rocketws", headers).Replace("Host: localhost", "Host: broker.example.com", StringComparison.Ordinal);

    private static async Task SubscribeAndSendAsync(RawHttp client)
    {
        await client.SendAsync(Upgrade(Forged));
        (await client.ReadUntilAsync("\r\n\r\n")).ShouldStartWith("HTTP/1.1 101");
        await client.SendFrameAsync("""{"jsonrpc":"2.0","id":0,"method":"subscribe","params":{"channel":"chat"}}""");
        await client.ReadUntilAsync("subscribed");
        await client.SendFrameAsync("""{"jsonrpc":"2.0","id":1,"method":"send_data","params":{"channel":"chat","data":{"message":"hola!"}}}""");
        await client.ReadUntilAsync("emitted: 0");
    }
}
