using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Endpoints;

public sealed class RocketWsEndpointTests
{
    private const string Ping = """{"jsonrpc":"2.0","id":0,"method":"ping"}""";

    [Fact]
    public async Task Post_OnLoopbackWithoutAToken_IsTaken()
    {
        await using var node = await BrokerNode.StartAsync();

        var reply = await PostAsync(node);

        reply.StatusCode.ShouldBe(HttpStatusCode.OK);
        reply.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await reply.Content.ReadAsStringAsync()).ShouldBe("""{"jsonrpc":"2.0","result":{"ping":"ok"},"id":0}""");
    }

    [Fact]
    public async Task Post_OfANotification_Is204()
    {
        await using var node = await BrokerNode.StartAsync();

        (await PostAsync(node, """{"jsonrpc":"2.0","method":"ping"}""")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", null)]
    [InlineData("http://127.0.0.1:0", "X-Forwarded-For")]
    [InlineData("http://127.0.0.1:0", "Forwarded")]
    public async Task Post_FromElsewhereWithoutAToken_Is401(string url, string? proxyHeader)
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Urls", url));

        var reply = await PostAsync(node, Ping, headers =>
        {
            if (proxyHeader is not null)
            {
                headers.Add(proxyHeader, "192.0.2.1");
            }
        });

        reply.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        reply.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
    }

    [Theory]
    [InlineData("Authorization", "Bearer open-sesame", HttpStatusCode.OK)]
    [InlineData("X-API-Key", "open-sesame", HttpStatusCode.OK)]
    [InlineData("Authorization", "Bearer open-sesamE", HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", "Basic open-sesame", HttpStatusCode.Unauthorized)]
    [InlineData("X-API-Key", "", HttpStatusCode.Unauthorized)]
    [InlineData("X-Other", "open-sesame", HttpStatusCode.Unauthorized)]
    public async Task Post_WhenATokenIsSet_NeedsIt(string header, string value, HttpStatusCode expected)
    {
        await using var node = await BrokerNode.StartAsync(("Broker:RocketWs:SourceToken", "open-sesame"));

        (await PostAsync(node, Ping, headers => headers.TryAddWithoutValidation(header, value))).StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_WhenTheBodyIsTooLarge_Is413(bool isChunked)
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Limits:BodyBytes", "1024"));

        var reply = await PostAsync(node, new string('x', 5_000), headers => headers.TransferEncodingChunked = isChunked);

        reply.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Get_Is405InPlainText()
    {
        await using var node = await BrokerNode.StartAsync();

        var reply = await node.Http.GetAsync("/rocketws");

        reply.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        reply.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
    }

    [Theory]
    [InlineData("/x")]
    [InlineData("/rpc")]
    [InlineData("/rocketws/x")]
    public async Task Post_ToAnotherPath_Is404InPlainText(string path)
    {
        await using var node = await BrokerNode.StartAsync();

        var reply = await node.Http.PostAsync(path, new StringContent(Ping));

        reply.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        reply.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        (await reply.Content.ReadAsStringAsync()).ShouldBe("Not found.\n");
    }

    [Fact]
    public async Task Post_WhenOldRepliesAreAskedFor_IsPythonText()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:RocketWs:LegacyReplyText", "true"));

        (await (await PostAsync(node)).Content.ReadAsStringAsync()).ShouldContain("'result': {'ping': 'ok'}");
    }

    [Fact]
    public async Task Post_WhenTheVersionIsSet_SpeaksIt()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:RocketWs:Version", "0.1"));

        (await (await PostAsync(node)).Content.ReadAsStringAsync()).ShouldContain("-32601");
    }

    private static async Task<HttpResponseMessage> PostAsync(BrokerNode node, string body = Ping, Action<HttpRequestHeaders>? configure = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/rocketws") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        configure?.Invoke(request.Headers);
        return await node.Http.SendAsync(request);
    }
}
