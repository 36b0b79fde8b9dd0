using System.Net;
using System.Text.Json;
using Broker.Actors;
using Broker.Node.Tests.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.Connections;

public sealed class WaysInTests
{
    [Theory]
    [InlineData(WayIn.Fast)]
    [InlineData(WayIn.Pipe)]
    [InlineData(WayIn.Tls)]
    [InlineData(WayIn.Upgrade)]
    public async Task Native_OverEachWay_PublishesToTheOthers(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way);
        await using var ann = await node.ConnectAsync(way, "/rpc");
        await using var bob = await node.ConnectAsync(way, "/rpc");
        await ann.CallAsync("subscribe", """{"channel":"room"}""");
        await bob.CallAsync("subscribe", """{"channel":"room"}""");

        var published = await ann.CallAsync("publish", """{"channel":"room","event":"said","data":{"text":"hi"}}""");

        published.GetProperty("result").GetProperty("receivers").GetInt32().ShouldBe(2);
        foreach (var client in new[] { ann, bob })
        {
            var said = (await client.ReceiveAsync()).GetProperty("params");
            said.GetProperty("event").GetString().ShouldBe("said");
            said.GetProperty("data").GetProperty("text").GetString().ShouldBe("hi");
            said.GetProperty("offset").GetInt64().ShouldBe(1);
        }
    }

    [Theory]
    [InlineData(WayIn.Fast)]
    [InlineData(WayIn.Pipe)]
    [InlineData(WayIn.Tls)]
    [InlineData(WayIn.Upgrade)]
    public async Task RocketWs_OverEachWay_GetsWhatABackendPosts(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way);
        await using var client = await node.ConnectAsync(way, "/rocketws");
        (await client.CallAsync("subscribe", """{"channel":"chat"}""")).GetProperty("result").GetString().ShouldBe("subscribed");

        var reply = await node.Http.PostAsync("/rocketws", new StringContent(
            """{"jsonrpc":"2.0","id":0,"method":"emit","params":{"channel":"chat","data":{"message":"hola!"}}}"""));

        (await reply.Content.ReadAsStringAsync()).ShouldBe("""{"jsonrpc":"2.0","result":"emitted: 1","id":0}""");
        var push = await client.ReceiveAsync();
        push.GetProperty("message").GetString().ShouldBe("hola!");
        push.GetProperty("__type").GetString().ShouldBe("message");
    }

    [Theory]
    [InlineData(WayIn.Fast)]
    [InlineData(WayIn.Pipe)]
    [InlineData(WayIn.Tls)]
    [InlineData(WayIn.Upgrade)]
    public async Task Echo_OfLargeAndDeflatedMessages_ComesBackWhole(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way, ("Broker:Limits:FrameBytes", "1048576"));
        await using var client = await node.ConnectAsync(way, "/echo", options =>
            options.DangerousDeflateOptions = new WebSocketDeflateOptions { ClientContextTakeover = false, ServerContextTakeover = false });
        var text = string.Concat(Enumerable.Range(0, 50_000).Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)));

        for (var i = 0; i < 3; i++)
        {
            await client.SendAsync(text);
            (await client.ReceiveTextAsync()).ShouldBe(text);
        }
    }

    [Theory]
    [InlineData(WayIn.Fast)]
    [InlineData(WayIn.Pipe)]
    [InlineData(WayIn.Tls)]
    [InlineData(WayIn.Upgrade)]
    public async Task Session_WhenAMessageIsTooBig_IsClosedWith1009(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way, ("Broker:Limits:FrameBytes", "1024"));
        await using var client = await node.ConnectAsync(way, "/echo");

        await client.SendAsync(new string('x', 1025));

        await client.WaitForCloseAsync();
        client.CloseStatus.ShouldBe(WebSocketCloseStatus.MessageTooBig);
    }

    [Theory]
    [InlineData(WayIn.Fast)]
    [InlineData(WayIn.Pipe)]
    [InlineData(WayIn.Tls)]
    [InlineData(WayIn.Upgrade)]
    public async Task Session_WhenTheClientCloses_IsAnsweredAndForgotten(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way);
        await using var client = await node.ConnectAsync(way, "/rpc");
        await client.CallAsync("ping");
        node.Services.GetRequiredService<LocalNode>().SessionCount.ShouldBe(1);

        await client.CloseAsync();

        client.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
        node.Services.GetRequiredService<LocalNode>().SessionCount.ShouldBe(0);
    }

    [Theory]
    [InlineData(WayIn.Fast)]
    [InlineData(WayIn.Pipe)]
    [InlineData(WayIn.Tls)]
    [InlineData(WayIn.Upgrade)]
    public async Task Stop_WhileSessionsAreOpen_ClosesThemWithShutdown(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way);
        await using var client = await node.ConnectAsync(way, "/rpc");
        await client.CallAsync("ping");

        var stopping = node.StopAsync();

        await client.WaitForCloseAsync();
        client.CloseStatus.ShouldBe((WebSocketCloseStatus)1001);
        await stopping;
    }

    [Theory]
    [InlineData(WayIn.Fast)]
    [InlineData(WayIn.Pipe)]
    [InlineData(WayIn.Upgrade)]
    public async Task Handshake_InPieces_IsTaken(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way);
        using var raw = await RawHttp.ConnectAsync(node.Port);
        var head = RawHttp.Upgrade("/echo");

        foreach (var piece in head.Chunk(40))
        {
            await raw.SendAsync(new string(piece));
            await Task.Yield();
        }

        (await raw.ReadUntilAsync("\r\n\r\n")).ShouldContain("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        await raw.SendFrameAsync("after the pieces");
        await raw.ReadUntilAsync("after the pieces");
    }

    [Theory]
    [InlineData(WayIn.Fast)]
    [InlineData(WayIn.Pipe)]
    [InlineData(WayIn.Upgrade)]
    public async Task Handshake_OnAConnectionThatServedRequests_IsTaken(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way);
        using var raw = await RawHttp.ConnectAsync(node.Port);
        await raw.SendAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await raw.ReadUntilAsync("\"live\"}")).ShouldStartWith("HTTP/1.1 200");

        await raw.SendAsync(RawHttp.Upgrade("/echo"));

        await raw.ReadUntilAsync("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        await raw.SendFrameAsync("kept alive");
        await raw.ReadUntilAsync("kept alive");
    }

    [Theory]
    [InlineData(WayIn.Fast)]
    [InlineData(WayIn.Pipe)]
    [InlineData(WayIn.Upgrade)]
    public async Task Handshake_OfAnotherVersion_IsToldTheRightOne(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way);
        using var raw = await RawHttp.ConnectAsync(node.Port);

        await raw.SendAsync(RawHttp.Upgrade("/echo").Replace("Version: 13", "Version: 8", StringComparison.Ordinal));

        var answer = await raw.ReadToEndAsync();
        answer.ShouldStartWith("HTTP/1.1 426");
        answer.ShouldContain("Sec-WebSocket-Version: 13", Case.Insensitive);
    }

    [Theory]
    [InlineData(WayIn.Fast)]
    [InlineData(WayIn.Pipe)]
    [InlineData(WayIn.Upgrade)]
    public async Task Handshake_ForNoSuchPath_Is404(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way);
        using var raw = await RawHttp.ConnectAsync(node.Port);

        await raw.SendAsync(RawHttp.Upgrade("/nowhere"));

        (await raw.ReadUntilAsync("\r\n")).ShouldStartWith("HTTP/1.1 404");
    }

    [Theory]
    [InlineData(WayIn.Fast)]
    [InlineData(WayIn.Pipe)]
    [InlineData(WayIn.Upgrade)]
    public async Task Http_WhileWebSocketsFlow_IsAnsweredOnTheSamePort(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way);
        await using var client = await node.ConnectAsync(way, "/echo");

        for (var i = 0; i < 20; i++)
        {
            await client.SendAsync("echo");
            (await node.Http.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await client.ReceiveTextAsync()).ShouldBe("echo");
        }
    }

    [Fact]
    public async Task Sessions_OverDifferentWays_ShareTheirChannels()
    {
        await using var node = await WaysIn.StartAsync(WayIn.Tls);
        await using var secure = await node.ConnectAsync(WayIn.Tls, "/rpc");
        await using var plain = await node.ConnectAsync(WayIn.Pipe, "/rocketws");
        await secure.CallAsync("subscribe", """{"channel":"shared"}""");
        await plain.CallAsync("subscribe", """{"channel":"shared"}""");

        await secure.CallAsync("publish", """{"channel":"shared","event":"said","data":{"m":1}}""");

        (await plain.ReceiveAsync()).GetProperty("m").ValueKind.ShouldBe(JsonValueKind.Number);
    }
}
