using System.Net;
using System.Net.Sockets;
using Broker.Node.Connections;
using Broker.Node.Tests.Nodes;
using Broker.TestKit.Proxies;

namespace Broker.Node.Tests.Connections;

public sealed class ListenersTests
{
    private const string AnyPort = "http://127.0.0.1:0";

    public static TheoryData<bool> FastOrNot => [true, false];

    [Fact]
    public async Task Dialects_OfAListener_AreAllThatIsThere()
    {
        await using var node = await BrokerNode.StartAsync(
            ("Broker:Listeners:0:Url", AnyPort),
            ("Broker:Listeners:1:Url", AnyPort), ("Broker:Listeners:1:Dialects:0", "native"), ("Broker:Listeners:1:Dialects:1", "Health"));

        (await StatusAsync(node.PortOf(0), RawHttp.Upgrade("/rocketws"))).ShouldBe(101);
        (await StatusAsync(node.PortOf(0), Get("/"))).ShouldBe(200);
        (await StatusAsync(node.PortOf(1), RawHttp.Upgrade("/rpc"))).ShouldBe(101);
        (await StatusAsync(node.PortOf(1), RawHttp.Upgrade("/rocketws"))).ShouldBe(404);
        (await StatusAsync(node.PortOf(1), Get("/health/ready"))).ShouldBe(200);
        (await StatusAsync(node.PortOf(1), "POST /rocketws HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")).ShouldBe(404);
        (await StatusAsync(node.PortOf(1), Get("/"))).ShouldBe(404);
    }

    [Theory]
    [MemberData(nameof(FastOrNot))]
    public async Task Root_OfAListenerWithOneDialect_IsThatDialect(bool isFast)
    {
        await using var node = await BrokerNode.StartAsync(
            ("Broker:Transport:Fast", isFast ? "true" : "false"),
            ("Broker:Listeners:0:Url", AnyPort), ("Broker:Listeners:0:Dialects:0", "rocketws"), ("Broker:Listeners:0:Dialects:1", "health"));
        await using var client = await WebSocketClient.ConnectAsync(node.Socket("/"));
        await client.CallAsync("subscribe", """{"channel":"chat"}""");

        var reply = await node.Http.PostAsync("/", new StringContent(
            """{"jsonrpc":"2.0","id":0,"method":"emit","params":{"channel":"chat","data":{"message":"hola!"}}}"""));

        (await reply.Content.ReadAsStringAsync()).ShouldBe("""{"jsonrpc":"2.0","result":"emitted: 1","id":0}""");
        (await client.ReceiveAsync()).GetProperty("message").GetString().ShouldBe("hola!");
        (await StatusAsync(node.Port, RawHttp.Upgrade("/rocketws"))).ShouldBe(101);
        (await StatusAsync(node.Port, Get("/health/live"))).ShouldBe(200);
    }

    [Fact]
    public async Task Root_OfAListenerWithTwoDialects_IsNone()
    {
        await using var node = await BrokerNode.StartAsync(
            ("Broker:Listeners:0:Url", AnyPort), ("Broker:Listeners:0:Dialects:0", "rocketws"), ("Broker:Listeners:0:Dialects:1", "native"));

        (await StatusAsync(node.Port, RawHttp.Upgrade("/"))).ShouldBe(404);
    }

    [Fact]
    public async Task App_OfAListener_IsTheOnlyOneThere()
    {
        await using var node = await BrokerNode.StartAsync(
            ("Broker:Apps:0:Id", "shop"), ("Broker:Apps:1:Id", "other"),
            ("Broker:Listeners:0:Url", AnyPort), ("Broker:Listeners:1:Url", AnyPort), ("Broker:Listeners:1:App", "shop"));
        var bound = new Uri($"ws://127.0.0.1:{node.PortOf(1)}");
        await using var named = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        await named.CallAsync("connect", """{"app":"shop"}""");
        await named.CallAsync("subscribe", """{"channel":"chat"}""");
        await using var unnamed = await WebSocketClient.ConnectAsync(new Uri(bound, "/rpc"));
        await using var rocket = await WebSocketClient.ConnectAsync(new Uri(bound, "/rocketws"));

        (await unnamed.CallAsync("connect", """{"app":"other"}""")).GetProperty("error").GetProperty("message").GetString().ShouldBe("Unknown app");
        (await unnamed.CallAsync("connect")).GetProperty("result").GetProperty("app").GetString().ShouldBe("shop");
        (await unnamed.CallAsync("publish", """{"channel":"chat","event":"e","data":1}""")).GetProperty("result").GetProperty("receivers").GetInt32().ShouldBe(1);
        (await rocket.CallAsync("subscribe", """{"channel":"chat"}""")).GetProperty("result").GetString().ShouldBe("subscribed");
        using var http = new HttpClient();
        var reply = await http.PostAsync(
            new Uri($"http://127.0.0.1:{node.PortOf(1)}/rocketws"),
            new StringContent("""{"jsonrpc":"2.0","id":0,"method":"emit","params":{"channel":"chat","data":{"m":1}}}"""));

        (await reply.Content.ReadAsStringAsync()).ShouldContain("emitted: 2");
    }

    [Theory]
    [MemberData(nameof(FastOrNot))]
    public async Task UnixSocket_OfADeadNode_IsTakenOver_AndServesBoth(bool isFast)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(path));
            File.Move(path, path + ".kept");   // closing it removes what it made
        }

        File.Move(path + ".kept", path);
        await using var node = await BrokerNode.StartAsync(
            ("Broker:Listeners:0:Url", AnyPort), ("Broker:Listeners:1:Url", "http://unix:" + path),
            ("Broker:Transport:Fast", isFast ? "true" : "false"), ("Broker:Apps:0:Id", "default"));
        using var upgraded = await RawHttp.ConnectAsync(new UnixDomainSocketEndPoint(path));
        using var asked = await RawHttp.ConnectAsync(new UnixDomainSocketEndPoint(path));
        await upgraded.SendAsync(RawHttp.Upgrade("/rocketws"));
        await asked.SendAsync(Get("/health/live"));

        (await upgraded.ReadUntilAsync("\r\n\r\n")).ShouldStartWith("HTTP/1.1 101");
        (await asked.ReadUntilAsync("\r\n")).ShouldStartWith("HTTP/1.1 200");
    }

    /// <summary>A proxy is what usually connects there.</summary>
    [Fact]
    public async Task UnixSocket_IsNotLoopback()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using var node = await BrokerNode.StartAsync(("Broker:Listeners:0:Url", AnyPort), ("Broker:Listeners:1:Url", "http://unix:" + path));
        using var client = await RawHttp.ConnectAsync(new UnixDomainSocketEndPoint(path));
        await client.SendAsync(RawHttp.Upgrade("/rocketws"));

        (await client.ReadUntilAsync("\r\n")).ShouldStartWith("HTTP/1.1 403");
    }

    [Fact]
    public async Task UnixSocket_BehindTheProxyProtocol_KnowsItsClients()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using var node = await BrokerNode.StartAsync(
            ("Broker:Listeners:0:Url", AnyPort), ("Broker:Listeners:1:Url", "http://unix:" + path), ("Broker:Listeners:1:Proxy", "ProxyProtocol"),
            ("Broker:TrustedProxies:0", "unix"), ("Broker:Apps:0:Id", "default"), ("Broker:Limits:SessionsPerAddress", "1"));
        var answers = new List<string>();
        var clients = new List<RawHttp>();
        foreach (var address in (string[])["198.51.100.1:1", "198.51.100.2:1", "198.51.100.1:2"])
        {
            clients.Add(await RawHttp.ConnectAsync(new UnixDomainSocketEndPoint(path)));
            await clients[^1].SendAsync(ProxyBytes.Of(address));
            await clients[^1].SendAsync(RawHttp.Upgrade("/rocketws"));
            answers.Add((await clients[^1].ReadUntilAsync("\r\n"))[9..12]);
        }

        answers.ShouldBe(["101", "101", "429"]);
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task UnixSocket_WhoseProxyIsTrusted_KnowsItsClients()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using var node = await BrokerNode.StartAsync(
            ("Broker:Listeners:0:Url", AnyPort), ("Broker:Listeners:1:Url", "http://unix:" + path), ("Broker:TrustedProxies:0", "unix"),
            ("Broker:Apps:0:Id", "default"), ("Broker:Limits:SessionsPerAddress", "1"));
        var answers = new List<string>();
        var clients = new List<RawHttp>();
        foreach (var address in (string[])["198.51.100.1", "198.51.100.2", "198.51.100.1"])
        {
            clients.Add(await RawHttp.ConnectAsync(new UnixDomainSocketEndPoint(path)));
            await clients[^1].SendAsync(RawHttp.Upgrade("/rocketws", $"X-Forwarded-For: {address}\r\n"));
            answers.Add((await clients[^1].ReadUntilAsync("\r\n"))[9..12]);
        }

        answers.ShouldBe(["101", "101", "429"]);
        clients.ForEach(client => client.Dispose());
    }

    [Theory]
    [InlineData("http://[::1]:0", "::1")]
    [InlineData("http://[::]:0", "::1")]
    [InlineData("http://*:0", "127.0.0.1")]
    public async Task Url_OfIPv6_IsReached(string url, string address)
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Urls", url), ("Broker:Apps:0:Id", "default"));
        using var client = await RawHttp.ConnectAsync(new IPEndPoint(IPAddress.Parse(address), node.Port));
        await client.SendAsync(RawHttp.Upgrade("/rocketws"));

        (await client.ReadUntilAsync("\r\n")).ShouldStartWith("HTTP/1.1 101");
    }

    /// <summary>Else a limit per address could be walked round by another way in.</summary>
    [Theory]
    [InlineData(WayIn.Fast)]
    [InlineData(WayIn.Pipe)]
    [InlineData(WayIn.Upgrade)]
    public async Task ClientOfIPv4_OnASocketForBothFamilies_HasItsOwnAddress(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way, ("Broker:Urls", "http://*:0"), ("Broker:Apps:0:Id", "default"), ("Broker:RocketWs:SourceToken", "token-of-the-source"));
        await using var client = await node.ConnectAsync(way, "/rocketws");
        await client.CallAsync("subscribe", """{"channel":"chat"}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/rocketws")
        {
            Content = new StringContent("""{"jsonrpc":"2.0","id":0,"method":"total_subscribers","params":{"channel":"chat"}}"""),
            Headers = { { "X-API-Key", "token-of-the-source" } },
        };

        (await (await node.Http.SendAsync(request)).Content.ReadAsStringAsync()).ShouldContain("""[["127.0.0.1",""");
    }

    [Fact]
    public async Task Listeners_ReplaceUrls()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Urls", AnyPort), ("Broker:Listeners:0:Url", AnyPort));

        node.Addresses.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("http", true)]
    [InlineData("http", false)]
    [InlineData("https", true)]
    public async Task Bind_OfATakenPort_SaysWhichSettingAndAddress(string scheme, bool isFast)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = $"{scheme}://{taken.LocalEndpoint}";

        var failure = await Should.ThrowAsync<BindFailure>(() => BrokerNode.StartAsync(
            ("Broker:Listeners:0:Url", AnyPort), ("Broker:Listeners:1:Url", address), ("Broker:Transport:Fast", isFast ? "true" : "false"),
            ("Broker:Tls:CertificateFile", TestCertificate.Shared.CertificatePath), ("Broker:Tls:KeyFile", TestCertificate.Shared.KeyPath)));

        failure.Message.ShouldBe($"Broker:Listeners:1:Url: cannot listen on {address}: address already in use.");
    }

    [Theory]
    [InlineData("http://192.0.2.1:9772", "Broker:Urls: cannot listen on http://192.0.2.1:9772: this machine has no such address.")]
    [InlineData("http://unix:/nowhere/at/all.sock", "Broker:Urls: cannot listen on http://unix:/nowhere/at/all.sock: ")]
    public async Task Bind_OfAnAddressThatIsNotOurs_SaysSo(string url, string message) =>
        (await Should.ThrowAsync<BindFailure>(() => BrokerNode.StartAsync(("Broker:Urls", url)))).Message.ShouldStartWith(message);

    [Fact]
    public async Task Bind_OfAFileThatIsNoSocket_LeavesItAlone()
    {
        var path = Path.GetTempFileName();

        await Should.ThrowAsync<BindFailure>(() => BrokerNode.StartAsync(("Broker:Urls", "http://unix:" + path)));

        File.Exists(path).ShouldBeTrue();
        File.Delete(path);
    }

    private static string Get(string path) => $"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n";

    private static async Task<int> StatusAsync(int port, string request)
    {
        using var client = await RawHttp.ConnectAsync(port);
        await client.SendAsync(request);
        return int.Parse((await client.ReadUntilAsync("\r\n"))[9..12], System.Globalization.CultureInfo.InvariantCulture);
    }
}
