using System.Net.Sockets;
using System.Text;
using Broker.Node.Tests.Connections;
using Broker.TestKit.Proxies;

namespace Broker.Node.Tests.Proxies;

public sealed class ProxyProtocolTests
{
    private const string Client = "198.51.100.9:4711";

    public static TheoryData<WayIn> Ways => [WayIn.Fast, WayIn.Pipe, WayIn.Tls, WayIn.Upgrade];

    public static TheoryData<WayIn, string> MalformedOnEachWay()
    {
        var data = new TheoryData<WayIn, string>();
        foreach (var way in (WayIn[])[WayIn.Fast, WayIn.Pipe, WayIn.Tls])
        {
            foreach (var name in ProxyBytes.Malformed.Keys)
            {
                data.Add(way, name);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Header_OfATrustedProxy_NamesTheClient(WayIn way)
    {
        await using var node = await ProxiedNode.StartAsync(way, "ProxyProtocol", ["127.0.0.1"]);
        using var first = await node.ConnectAsync(way, ProxyBytes.Of(Client));
        await first.SubscribeAsync();
        using var second = await node.ConnectAsync(way, ProxyBytes.Of("[2001:db8::9]:1", ProxyBytes.Tlv(0x04, new byte[2_000])));
        await second.SubscribeAsync("X-Forwarded-For: 192.0.2.66\r\nForwarded: for=192.0.2.66\r\n");

        (await node.SubscribersAsync()).ShouldBe([Client, "[2001:db8::9]:1"], ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Header_ByteByByte_IsTheSame(WayIn way)
    {
        await using var node = await ProxiedNode.StartAsync(way, "ProxyProtocol", ["127.0.0.1"]);
        using var client = await node.ConnectAsync(way, ProxyBytes.WithChecksum(Client), size: 1);
        await client.SubscribeAsync();

        (await node.SubscribersAsync()).ShouldBe([Client]);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Header_BeforeAnHttpRequest_NamesItsClientToo(WayIn way)
    {
        await using var node = await ProxiedNode.StartAsync(way, "ProxyProtocol", ["127.0.0.1"]);
        using var client = await node.ConnectAsync(way, ProxyBytes.Of(Client));

        (await client.WhoAsync("X-Forwarded-For: 192.0.2.66\r\n")).ShouldBe(Client);
    }

    /// <summary>A request, then an upgrade on the same connection: what only the HTTP server sees.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Header_BeforeAKeptAliveConnection_NamesTheClientOfTheUpgradeToo(WayIn way)
    {
        await using var node = await ProxiedNode.StartAsync(way, "ProxyProtocol", ["127.0.0.1"]);
        using var client = await node.ConnectAsync(way, ProxyBytes.Of(Client));
        await client.WhoAsync();
        await client.SubscribeAsync();

        (await node.SubscribersAsync()).ShouldBe([Client]);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Header_OfTheProxyForItself_LeavesThePeerTheClient(WayIn way)
    {
        await using var node = await ProxiedNode.StartAsync(way, "ProxyProtocol", ["127.0.0.1"]);
        using var check = await node.ConnectAsync(way, ProxyBytes.Local());

        (await check.WhoAsync()).ShouldBe(check.Local.ToString());
    }

    [Theory]
    [MemberData(nameof(MalformedOnEachWay))]
    public async Task Header_Malformed_ClosesTheConnectionWithoutAWord(WayIn way, string name)
    {
        await using var node = await ProxiedNode.StartAsync(way, "ProxyProtocol", ["127.0.0.1"]);
        using var client = await node.ConnectAsync(WayIn.Pipe, ProxyBytes.Malformed[name]);

        (await client.ReadToEndAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(WayIn.Fast)]
    [InlineData(WayIn.Pipe)]
    [InlineData(WayIn.Tls)]
    public async Task Header_OfAnUntrustedPeer_ClosesTheConnectionWithoutAWord(WayIn way)
    {
        await using var node = await ProxiedNode.StartAsync(way, "ProxyProtocol", ["192.0.2.0/24"]);
        var answer = "";
        try
        {
            using var client = await node.ConnectAsync(WayIn.Pipe, []);
            await client.SendAsync(ProxyBytes.Of(Client));
            answer = await client.ReadToEndAsync();
        }
        catch (Exception closed) when (closed is IOException or SocketException)
        {
            // Reset before it could say anything, perhaps before it knew that it was connected.
        }

        answer.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(WayIn.Fast)]
    [InlineData(WayIn.Pipe)]
    public async Task Header_ToAListenerThatExpectsNone_IsNoRequest(WayIn way)
    {
        await using var node = await ProxiedNode.StartAsync(way, "XForwardedFor", ["127.0.0.1"]);
        using var client = await node.ConnectAsync(way, [.. ProxyBytes.Of(Client), .. "GET /who HTTP/1.1\r\nHost: x\r\n\r\n"u8]);

        (await client.ReadToEndAsync()).ShouldNotContain("HTTP/1.1 200");
    }

    [Fact]
    public async Task Header_InTheSamePacketAsAHandshake_IsTakenByTheLoops()
    {
        await using var node = await ProxiedNode.StartAsync(WayIn.Fast, "ProxyProtocol", ["127.0.0.1"]);
        using var client = await node.ConnectAsync(WayIn.Fast, [.. ProxyBytes.Of(Client), .. Encoding.ASCII.GetBytes(Nodes.RawHttp.Upgrade("/rocketws"))]);

        (await client.ReadUntilAsync("\r\n\r\n")).ShouldStartWith("HTTP/1.1 101");
    }

    [Theory]
    [InlineData(WayIn.Fast)]
    [InlineData(WayIn.Pipe)]
    public async Task Header_ThatNeverComes_ClosesTheConnection(WayIn way)
    {
        await using var node = await ProxiedNode.StartAsync(way, "ProxyProtocol", ["127.0.0.1"], ("Broker:Limits:HandshakeSeconds", "1"));
        using var client = await node.ConnectAsync(way, ProxyBytes.Of(Client)[..20]);

        (await client.ReadToEndAsync()).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task PerAddressLimit_BehindAProxy_CountsClients(WayIn way)
    {
        await using var node = await ProxiedNode.StartAsync(way, "ProxyProtocol", ["127.0.0.1"], ("Broker:Limits:SessionsPerAddress", "1"));
        using var one = await node.ConnectAsync(way, ProxyBytes.Of("198.51.100.1:1"));
        await one.SubscribeAsync();
        using var other = await node.ConnectAsync(way, ProxyBytes.Of("198.51.100.2:1"));
        await other.SubscribeAsync();
        using var again = await node.ConnectAsync(way, ProxyBytes.Of("198.51.100.1:2"));
        await again.SendAsync(Nodes.RawHttp.Upgrade("/rocketws"));

        (await again.ReadUntilAsync("\r\n")).ShouldStartWith("HTTP/1.1 429");
    }
}
