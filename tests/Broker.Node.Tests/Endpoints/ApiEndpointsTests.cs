using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Endpoints;

public sealed class ApiEndpointsTests
{
    private const string Key = "0123456789abcdef";

    [Fact]
    public async Task Publish_ReachesSubscribersOfEveryDialect()
    {
        await using var node = await BrokerNode.StartAsync();
        await using var native = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        await using var rocket = await WebSocketClient.ConnectAsync(node.Socket("/rocketws"));
        await native.CallAsync("subscribe", """{"channel":"c"}""");
        await rocket.CallAsync("subscribe", """{"channel":"c"}""");
        using var sse = await SseClient.SubscribeAsync(node, "c");

        var (status, answer) = await node.ApiAsync("publish", """{"channel":"c","event":"said","data":{"text":"hola!"}}""");

        status.ShouldBe(HttpStatusCode.OK);
        answer.GetProperty("receivers").GetInt32().ShouldBe(3);
        (await native.ReceiveAsync()).GetProperty("params").GetProperty("epoch").GetString().ShouldBe(answer.GetProperty("epoch").GetString());
        (await rocket.ReceiveAsync()).GetProperty("text").GetString().ShouldBe("hola!");
        (await sse.ReadAsync()).Json.GetProperty("data").GetRawText().ShouldBe("""{"text":"hola!"}""");
    }

    [Fact]
    public async Task HistoryAndPresence_AnswerInTheNativeDialectsWords()
    {
        await using var node = await BrokerNode.StartAsync();
        await using var ann = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        await ann.CallAsync("connect", """{"app":"demo","user":"ann"}""");
        await ann.CallAsync("subscribe", """{"channel":"c","presence":{"info":7}}""");
        await node.ApiAsync("publish", """{"app":"demo","channel":"c","event":"n","data":1}""");

        foreach (var (method, parameters) in new[] { ("history", """{"channel":"c","limit":1}"""), ("presence", """{"channel":"c"}""") })
        {
            var overHttp = await node.ApiAsync($"{method}?app=demo", parameters);
            var native = await ann.CallAsync(method, parameters);
            overHttp.Body.GetRawText().ShouldBe(native.GetProperty("result").GetRawText());
        }

        var (_, stats) = await node.ApiAsync("presence_stats", """{"app":"demo","channel":"c"}""");
        stats.GetRawText().ShouldBe("""{"users":1,"connections":1,"subscribers":1}""");
    }

    [Fact]
    public async Task Channels_AreListedWithTheirSubscribers()
    {
        await using var node = await BrokerNode.StartAsync();
        using var one = await SseClient.SubscribeAsync(node, "room-b,room-a,lobby");
        using var two = await SseClient.SubscribeAsync(node, "room-a");

        (await node.ApiAsync("channels", """{"pattern":"room-*"}""")).Body.GetRawText()
            .ShouldBe("""{"channels":[{"channel":"room-a","subscribers":2},{"channel":"room-b","subscribers":1}],"total":2,"partial":false}""");
        (await node.ApiAsync("channels", """{"limit":1}""")).Body.GetRawText()
            .ShouldBe("""{"channels":[{"channel":"lobby","subscribers":1}],"total":3,"partial":false}""");
    }

    [Fact]
    public async Task Disconnect_ClosesTheUsersSessionsWithTheGivenCode()
    {
        await using var node = await BrokerNode.StartAsync();
        await using var ann = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        await ann.CallAsync("connect", """{"app":"demo","user":"ann"}""");

        var (_, answer) = await node.ApiAsync("disconnect", """{"app":"demo","user":"ann","code":3520,"reason":"banned"}""");

        answer.GetRawText().ShouldBe("""{"sessions":1,"partial":false}""");
        await ann.WaitForCloseAsync();
        ann.CloseStatus.ShouldBe((WebSocketCloseStatus)3520);
        ann.CloseReason.ShouldBe("banned");
    }

    [Fact]
    public async Task Unsubscribe_TellsTheClientAndEndsItsEvents()
    {
        await using var node = await BrokerNode.StartAsync();
        await using var ann = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        await ann.CallAsync("connect", """{"app":"demo","user":"ann"}""");
        await ann.CallAsync("subscribe", """{"channel":"a"}""");
        await ann.CallAsync("subscribe", """{"channel":"b"}""");

        var (_, answer) = await node.ApiAsync("unsubscribe", """{"app":"demo","user":"ann","channel":"a"}""");
        await node.ApiAsync("publish", """{"app":"demo","channels":["a","b"],"event":"n","data":1}""");

        answer.GetRawText().ShouldBe("""{"subscriptions":1,"partial":false}""");
        (await ann.ReceiveAsync()).GetRawText().ShouldBe(
            """{"jsonrpc":"2.0","method":"unsubscribed","params":{"channel":"a","code":2000,"reason":"unsubscribed by the server"}}""");
        (await ann.ReceiveAsync()).GetProperty("params").GetProperty("channel").GetString().ShouldBe("b");
    }

    [Fact]
    public async Task Requests_PipelinedOnOneConnection_AreAnsweredInOrder()
    {
        const int requests = 100;
        await using var node = await BrokerNode.StartAsync();
        using var http = await RawHttp.ConnectAsync(node.Port);
        var all = new StringBuilder();
        for (var i = 1; i <= requests; i++)
        {
            var body = $$"""{"channel":"c","event":"n","data":{{i}}}""";
            all.Append(CultureInfo.InvariantCulture, $"POST /api/publish HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        }

        await http.SendAsync(all.ToString());

        for (var i = 1; i <= requests; i++)
        {
            (await http.ReadUntilAsync("\r\n\r\n")).ShouldStartWith("HTTP/1.1 200");
            (await http.ReadUntilAsync("}")).ShouldContain($"\"offset\":{i},");
        }
    }

    [Fact]
    public async Task Publish_WithoutCredentials_IsHeldToTheNamespaces()
    {
        await using var node = await BrokerNode.StartAsync(
            ("Broker:Apps:0:Id", "shop"), ("Broker:Apps:0:ApiKeys:0", Key),
            ("Broker:Namespaces:0:App", "shop"), ("Broker:Namespaces:0:Pattern", "open-*"));

        (await CodeAsync("open-1")).ShouldBe((HttpStatusCode.OK, null));
        (await CodeAsync("closed")).ShouldBe((HttpStatusCode.Forbidden, "forbidden"));
        (await CodeAsync("closed", ("X-API-Key", Key))).ShouldBe((HttpStatusCode.OK, null));
        (await CodeAsync("closed", ("Authorization", "Bearer " + Key))).ShouldBe((HttpStatusCode.OK, null));
        (await CodeAsync("open-1", ("X-API-Key", Key + "x"))).ShouldBe((HttpStatusCode.Unauthorized, "invalid_credentials"));
        (await CodeAsync("open-1", ("X-API-Key", Key), ("Authorization", "Bearer " + Key))).ShouldBe((HttpStatusCode.BadRequest, "ambiguous_credentials"));

        async Task<(HttpStatusCode, string?)> CodeAsync(string channel, params (string, string)[] headers)
        {
            var (status, body) = await node.ApiAsync("publish", $$"""{"app":"shop","channel":"{{channel}}","data":1}""", headers);
            return (status, body.TryGetProperty("code", out var code) ? code.GetString() : null);
        }
    }

    [Theory]
    [InlineData("channels", "{}")]
    [InlineData("disconnect", """{"user":"ann"}""")]
    [InlineData("unsubscribe", """{"user":"ann","channel":"c"}""")]
    public async Task OperatorsCommands_WithoutAKey_AreForbidden(string method, string body)
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Apps:0:Id", "default"), ("Broker:Apps:0:ApiKeys:0", Key));

        (await node.ApiAsync(method, body)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await node.ApiAsync(method, body, ("X-API-Key", Key))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/jsonx")]
    [InlineData(null)]
    public async Task Post_OfAnotherType_Is415(string? type)
    {
        await using var node = await BrokerNode.StartAsync();
        using var content = new StringContent("""{"channel":"c","data":1}""");
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);

        await ShouldBeProblemAsync(await node.Http.PostAsync("/api/publish", content), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_WhenTheBodyIsTooLarge_Is413(bool isChunked)
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Limits:BodyBytes", "1024"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/publish")
        {
            Content = new StringContent(new string(' ', 5_000), Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = isChunked;

        await ShouldBeProblemAsync(await node.Http.SendAsync(request), HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Fact]
    public async Task Post_InPieces_IsReadWhole()
    {
        await using var node = await BrokerNode.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/publish")
        {
            Content = new StringContent($$"""{"channel":"c","data":"{{new string('x', 40_000)}}"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = true;

        (await node.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("GET", "/api/publish", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("POST", "/api/openapi.json", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("POST", "/api/nothing", HttpStatusCode.NotFound, "not_found")]
    [InlineData("GET", "/api", HttpStatusCode.NotFound, "not_found")]
    [InlineData("POST", "/sse", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    public async Task Request_ThatNoPathTakes_IsAProblem(string method, string path, HttpStatusCode status, string code)
    {
        await using var node = await BrokerNode.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        await ShouldBeProblemAsync(await node.Http.SendAsync(request), status, code);
    }

    [Theory]
    [InlineData("https://shop.example.com", true)]
    [InlineData("https://evil.example.net", false)]
    public async Task Page_MayCallWhereItsOriginMay(string origin, bool isAllowed)
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Apps:0:Id", "shop"), ("Broker:Apps:0:Origins:0", "https://*.example.com"));
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/publish");
        preflight.Headers.Add("Origin", origin);
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "content-type");

        using var allowed = await node.Http.SendAsync(preflight);
        using var reply = await node.SendApiAsync("publish", """{"app":"shop","channel":"c","data":1}""", ("Origin", origin));
        using var stream = await SseClient.OpenAsync(node, "app=shop&channels=c", null, ("Origin", origin));

        allowed.Headers.Contains("Access-Control-Allow-Origin").ShouldBe(isAllowed);
        reply.Headers.Contains("Access-Control-Allow-Origin").ShouldBe(isAllowed);
        reply.StatusCode.ShouldBe(isAllowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        stream.Response.Headers.Contains("Access-Control-Allow-Origin").ShouldBe(isAllowed);
        stream.Response.StatusCode.ShouldBe(isAllowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Listener_ThatServesOneApp_ServesNoOther()
    {
        await using var node = await BrokerNode.StartAsync(
            ("Broker:Listeners:0:Url", "http://127.0.0.1:0"), ("Broker:Listeners:0:App", "shop"), ("Broker:Apps:0:Id", "shop"));

        (await node.ApiAsync("channels", """{"app":"default"}""")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await node.Http.GetAsync("/sse?channels=c&app=default")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var sse = await SseClient.SubscribeAsync(node, "c");
        (await node.ApiAsync("publish", """{"channel":"c","data":1}""")).Body.GetProperty("receivers").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("sse", "/api/openapi.json")]
    [InlineData("api", "/sse?channels=c")]
    public async Task Listener_ThatServesOneDialect_ServesNoOther(string dialect, string path)
    {
        await using var node = await BrokerNode.StartAsync(
            ("Broker:Listeners:0:Url", "http://127.0.0.1:0"), ("Broker:Listeners:0:Dialects:0", dialect));

        (await node.Http.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task ShouldBeProblemAsync(HttpResponseMessage reply, HttpStatusCode status, string code)
    {
        reply.StatusCode.ShouldBe(status);
        reply.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        using var problem = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        problem.RootElement.GetProperty("code").GetString().ShouldBe(code);
        problem.RootElement.GetProperty("status").GetInt32().ShouldBe((int)status);
    }
}
