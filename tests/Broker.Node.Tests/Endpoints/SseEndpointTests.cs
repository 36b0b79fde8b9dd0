using System.Net;
using System.Text.Json;
using Broker.Actors;
using Broker.Actors.Dialects.Sse;
using Broker.Messages;
using Broker.Node.Connections;
using Broker.Node.Tests.Campaign;
using Broker.Node.Tests.Nodes;
using Broker.TestKit.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Broker.Node.Tests.Endpoints;

public sealed class SseEndpointTests
{
    private const string Key = "0123456789abcdef";
    private const string Secret = "0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task Stream_BringsTheParamsOfTheNativeEvent()
    {
        await using var node = await BrokerNode.StartAsync();
        await using var native = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        await native.CallAsync("subscribe", """{"channel":"c"}""");
        using var sse = await SseClient.SubscribeAsync(node, "c");

        await node.PublishAsync("c", 1);

        var message = await sse.ReadAsync();
        message.Event.ShouldBe("message");
        message.Data.ShouldBe((await native.ReceiveAsync()).GetProperty("params").GetRawText());
        sse.Response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        sse.Response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        sse.Retry.ShouldNotBeNull().ShouldBeInRange(1_500, 4_500);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a,b")]
    public async Task Client_ThatComesBack_GetsExactlyWhatItMissed(string channels)
    {
        await using var node = await BrokerNode.StartAsync();
        string id;
        using (var before = await SseClient.SubscribeAsync(node, channels))
        {
            await node.PublishAsync("a", 1);
            (await before.ReadAsync()).Offset.ShouldBe(1);
            id = before.LastEventId;
        }

        await node.PublishAsync("a", 2);
        await node.PublishAsync("b", 1);
        await node.PublishAsync("a", 3);
        using var after = await SseClient.OpenAsync(node, $"channels={channels}", id);
        await node.PublishAsync("a", 4);

        var isWithB = channels.Contains('b', StringComparison.Ordinal);
        var seen = new List<SseMessage>();
        while (seen.Count < (isWithB ? 6 : 4))
        {
            seen.Add(await after.ReadAsync());
        }

        seen.Where(message => message.Event == "subscribed").ShouldAllBe(message => message.Json.GetProperty("recovered").GetBoolean());
        seen.Where(message => message.Event == "message" && message.Channel == "a").Select(message => message.Offset).ShouldBe([2, 3, 4]);
        seen.Where(message => message.Event == "message" && message.Channel == "b").Select(message => message.Offset).ShouldBe(isWithB ? [1] : []);
    }

    [Fact]
    public async Task EveryId_NamesThePositionsInAllChannels()
    {
        await using var node = await BrokerNode.StartAsync();
        var ids = new List<string>();
        using (var sse = await SseClient.SubscribeAsync(node, "a,b,c"))
        {
            for (var i = 1; i <= 3; i++)
            {
                foreach (var channel in new[] { "a", "b", "c" })
                {
                    await node.PublishAsync(channel, i);
                    await sse.ReadAsync();
                    ids.Add(sse.LastEventId);
                }
            }
        }

        // From each of the nine places on, what came after it is what is brought.
        for (var seen = 1; seen <= ids.Count; seen++)
        {
            using var back = await SseClient.OpenAsync(node, "channels=a,b,c", ids[seen - 1]);
            var messages = new List<SseMessage>();
            while (messages.Count < 3 + ids.Count - seen)
            {
                messages.Add(await back.ReadAsync());
            }

            messages.Count(message => message.Event == "subscribed").ShouldBe(3);
            messages.Where(message => message.Event == "message").Select(message => $"{message.Channel}{message.Offset}").Order(StringComparer.Ordinal)
                .ShouldBe(Enumerable.Range(0, ids.Count).Skip(seen).Select(i => $"{"abc"[i % 3]}{(i / 3) + 1}").Order(StringComparer.Ordinal));
            back.LastEventId.Split('.').Order(StringComparer.Ordinal).ShouldBe(ids[^1].Split('.').Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Burst_GivesEachEventAnIdOfItsOwn()
    {
        const int events = 60;
        await using var node = await BrokerNode.StartAsync();
        using var sse = await SseClient.SubscribeAsync(node, "a,b");
        var batch = string.Join(',', Enumerable.Range(0, events).Select(i => $$"""{"channel":"{{"ab"[i % 2]}}","data":{{i}}}"""));

        (await node.ApiAsync("batch", $$"""{"batch":[{{batch}}]}""")).Status.ShouldBe(HttpStatusCode.OK);

        var channels = new[] { new ChannelName("default", "a"), new ChannelName("default", "b") };
        var seen = new Dictionary<string, long>(StringComparer.Ordinal) { ["a"] = 0, ["b"] = 0 };
        for (var i = 0; i < events; i++)
        {
            var message = await sse.ReadAsync();
            message.Offset.ShouldBe(++seen[message.Channel]);
            var cursor = SseCursor.Read(message.LastEventId, channels);
            channels.ShouldAllBe(channel => cursor.PositionIn(channel)!.Value.Offset == seen[channel.Text]);
        }
    }

    [Fact]
    public async Task User_IsToldWhatABackendEnds()
    {
        await using var node = await BrokerNode.StartAsync(
            ("Broker:Apps:0:Id", "default"), ("Broker:Apps:0:ApiKeys:0", Key), ("Broker:Apps:0:Tokens:0:Key", Secret));
        var token = Jwt.HS256(Secret, Jwt.Claims("\"sub\":\"ann\""));
        using var sse = await SseClient.SubscribeAsync(node, "a,b", more: $"&token={token}");

        await node.ApiAsync("unsubscribe", """{"user":"ann","channel":"a"}""", ("X-API-Key", Key));
        await node.ApiAsync("publish", """{"channels":["a","b"],"data":1}""", ("X-API-Key", Key));
        await node.ApiAsync("disconnect", """{"user":"ann","code":3520}""", ("X-API-Key", Key));

        (await sse.ReadAsync()).ShouldBe(new SseMessage("unsubscribed", """{"channel":"a","code":2000,"reason":"unsubscribed by the server"}""", sse.LastEventId));
        (await sse.ReadAsync()).Channel.ShouldBe("b");
        (await sse.ReadAsync()).Data.ShouldBe("""{"code":3520,"reason":"sent away by operator","mayReconnect":false}""");
        (await sse.TryReadAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Client_WithMoreChannelsThanBefore_RecoversThoseThatItHad()
    {
        await using var node = await BrokerNode.StartAsync();
        await node.PublishAsync("a", 1);
        string id;
        using (var before = await SseClient.SubscribeAsync(node, "a"))
        {
            id = before.LastEventId;
        }

        await node.PublishAsync("a", 2);
        using var after = await SseClient.OpenAsync(node, $"channels=b,a&lastEventId={id}");

        var begins = new[] { await after.ReadAsync(), await after.ReadAsync(), await after.ReadAsync() };
        begins.Single(message => message.Channel == "b").Json.GetProperty("recovered").GetBoolean().ShouldBeFalse();
        begins.Single(message => message is { Channel: "a", Event: "subscribed" }).Json.GetProperty("recovered").GetBoolean().ShouldBeTrue();
        begins.Single(message => message is { Channel: "a", Event: "message" }).Offset.ShouldBe(2);
    }

    [Fact]
    public async Task Client_OfAStreamThatIsNoMore_IsToldAReset()
    {
        string id;
        await using (var first = await BrokerNode.StartAsync())
        {
            using var before = await SseClient.SubscribeAsync(first, "a,b");
            await first.PublishAsync("a", 1);
            await before.ReadAsync();
            id = before.LastEventId;
        }

        await using var second = await BrokerNode.StartAsync();
        await second.PublishAsync("a", 7);
        using var after = await SseClient.OpenAsync(second, "channels=a,b", id);

        var resets = new[] { await after.ReadAsync(), await after.ReadAsync() };
        resets.ShouldAllBe(message => message.Event == "reset");
        resets.Select(message => message.Channel).ShouldBe(["a", "b"], ignoreOrder: true);
        resets.Single(message => message.Channel == "a").Offset.ShouldBe(1);

        // And the id that came with it is good to come back with.
        await second.PublishAsync("a", 8);
        (await after.ReadAsync()).Offset.ShouldBe(2);
        using var again = await SseClient.SubscribeAsync(second, "a,b", after.LastEventId);
    }

    [Fact]
    public async Task Client_WhoseLastIdIsNotOurs_IsToldAReset()
    {
        await using var node = await BrokerNode.StartAsync();
        using var sse = await SseClient.OpenAsync(node, "channels=a,b", "42");

        (await sse.ReadAsync()).Event.ShouldBe("reset");
        (await sse.ReadAsync()).Event.ShouldBe("reset");
    }

    [Fact]
    public async Task Silence_IsBrokenByComments()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Sse:KeepAlive", "00:00:01"));
        using var sse = await SseClient.SubscribeAsync(node, "a");

        (await sse.ReadLineAsync()).ShouldBe(":");
        (await sse.ReadLineAsync()).ShouldBe("");
        (await sse.ReadLineAsync()).ShouldBe(":");
    }

    [Fact]
    public async Task Client_ThatReadsTooSlowly_IsClosedAloneAndRecovers()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Limits:OutboxBytes", "65536"), ("Broker:Limits:FrameBytes", "65536"));
        using var slow = await RawHttp.ConnectAsync(node.Port);
        await slow.SendAsync("GET /sse?channels=c HTTP/1.1\r\nHost: x\r\n\r\n");
        await slow.ReadUntilAsync("event: subscribed");
        using var quick = await SseClient.SubscribeAsync(node, "c");
        var count = node.Services.GetRequiredService<SessionCount>();

        // Until the kernel's buffers and the outbox are full.
        var body = $$"""{"channel":"c","data":"{{new string('x', 60_000)}}"}""";
        var published = 0;
        while (count.All == 2)
        {
            (await node.ApiAsync("publish", body)).Status.ShouldBe(HttpStatusCode.OK);
            (await quick.ReadAsync()).Offset.ShouldBe(++published);
            published.ShouldBeLessThan(1_000);
        }

        await node.PublishAsync("c", 1);
        (await quick.ReadAsync()).Offset.ShouldBe(published + 1);
        node.Services.GetRequiredService<Broker.Actors.LocalNode>().Counters.SlowSessions.Value.ShouldBe(1);
    }

    [Fact]
    public async Task Client_ThatGoes_IsGivenUp()
    {
        await using var node = await BrokerNode.StartAsync();
        var count = node.Services.GetRequiredService<SessionCount>();
        using (await SseClient.SubscribeAsync(node, "c"))
        {
            count.All.ShouldBe(1);
        }

        await count.WhenEmpty().WaitAsync(TimeSpan.FromSeconds(20));
        (await node.ApiAsync("channels", "{}")).Body.GetProperty("total").GetInt32().ShouldBe(0);
    }

    /// <summary>One that takes nothing, as a machine that was switched off: what was sent is never acknowledged, or there is never room for more.</summary>
    [Fact]
    public async Task Client_ThatTakesNothingForLong_IsGivenUp()
    {
        await using var node = await BrokerNode.StartAsync(
            ("Broker:Sessions:PingAfter", "00:00:01"), ("Broker:Sessions:PongWithin", "00:00:01"), ("Broker:Sse:KeepAlive", "00:00:01"), ("Broker:Limits:OutboxBytes", $"{64 << 20}"));
        var count = node.Services.GetRequiredService<SessionCount>();
        using var stuck = await RawHttp.ConnectAsync(node.Port);
        await stuck.SendAsync("GET /sse?channels=c HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await stuck.ReadUntilAsync("subscribed");
        using var reader = await SseClient.SubscribeAsync(node, "c");
        var data = new string('x', 60_000);

        // More than the kernels keep for it, and less than the node does.
        for (var n = 0; n < 500; n++)
        {
            await node.ApiAsync("publish", $$"""{"channel":"c","data":"{{data}}"}""");
            await reader.ReadAsync();
        }

        while (count.All == 2)
        {
            (await reader.ReadLineAsync()).ShouldNotBeNull();   // a comment each second
        }

        node.Services.GetRequiredService<LocalNode>().Counters.SlowSessions.Value.ShouldBe(0);
        count.All.ShouldBe(1);
    }

    [Fact]
    public async Task Clients_ThatGoWhileEventsCome_AreNoError()
    {
        using var errors = new ErrorLog();
        await using var node = await BrokerNode.StartAsync(builder => builder.Logging.AddProvider(errors));
        for (var i = 0; i < 20; i++)
        {
            using (await SseClient.SubscribeAsync(node, i % 2 == 0 ? "a" : "a,b"))
            {
                await node.PublishAsync("a", i);
            }

            // The first may still find the connection there.
            await Task.WhenAll(Enumerable.Range(0, 5).Select(n => node.PublishAsync("a", n)));
        }

        await node.Services.GetRequiredService<SessionCount>().WhenEmpty().WaitAsync(TimeSpan.FromSeconds(20));
        errors.Take().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest, "bad_parameter")]
    [InlineData("channels=,", HttpStatusCode.BadRequest, "bad_parameter")]
    [InlineData("channels=a,b,c,d", HttpStatusCode.BadRequest, "too_many_entries")]
    [InlineData("app=nowhere&channels=a", HttpStatusCode.NotFound, "unknown_app")]
    [InlineData("channels=closed", HttpStatusCode.Forbidden, "forbidden")]
    [InlineData("channels=a,closed", HttpStatusCode.Forbidden, "forbidden")]
    [InlineData("channels=a&token=x", HttpStatusCode.Unauthorized, "invalid_credentials")]
    public async Task Request_ThatIsWrong_IsAProblemBeforeAnyStream(string query, HttpStatusCode status, string code)
    {
        await using var node = await BrokerNode.StartAsync(
            ("Broker:Sse:Channels", "3"), ("Broker:Namespaces:0:Pattern", "closed"), ("Broker:Namespaces:0:Subscribe", "Backend"),
            ("Broker:Apps:0:Id", "default"), ("Broker:Apps:0:ApiKeys:0", Key), ("Broker:Namespaces:1:Pattern", "*"));

        using var reply = await node.Http.GetAsync($"/sse?{query}");

        reply.StatusCode.ShouldBe(status);
        using var problem = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        problem.RootElement.GetProperty("code").GetString().ShouldBe(code);
    }

    [Fact]
    public async Task Request_WithAKey_MayReadWhatIsClosed()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Apps:0:Id", "default"), ("Broker:Apps:0:ApiKeys:0", Key));

        using var sse = await SseClient.OpenAsync(node, "channels=a", null, ("X-API-Key", Key));

        (await sse.ReadAsync()).Event.ShouldBe("subscribed");
    }

    [Fact]
    public async Task Channel_MayHaveACommaInItsName()
    {
        await using var node = await BrokerNode.StartAsync();
        using var sse = await SseClient.OpenAsync(node, "channel=a%2Cb&channel=c%20d");

        new[] { (await sse.ReadAsync()).Channel, (await sse.ReadAsync()).Channel }.ShouldBe(["a,b", "c d"], ignoreOrder: true);
    }

    [Fact]
    public async Task Request_WhenThereAreAsManySessionsAsMayBe_IsRefused()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Limits:SessionsPerAddress", "1"));
        using var first = await SseClient.SubscribeAsync(node, "a");

        using var second = await node.Http.GetAsync("/sse?channels=a");

        second.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        second.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));

        // An EventSource would give up at a 429: it is told to come back.
        using var browser = await SseClient.OpenAsync(node, "channels=a", null, ("Accept", "text/event-stream"));
        var message = await browser.ReadAsync();
        message.Event.ShouldBe("disconnect");
        message.Json.GetProperty("mayReconnect").GetBoolean().ShouldBeTrue();
        browser.Retry.ShouldBe(3_000);
        (await browser.TryReadAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Stream_WhenTheNodeGoesDown_SaysSoAndEnds()
    {
        await using var node = await BrokerNode.StartAsync();
        using var sse = await SseClient.SubscribeAsync(node, "a,b");

        var stopped = node.StopAsync();

        var message = await sse.ReadAsync();
        message.Event.ShouldBe("disconnect");
        message.Data.ShouldBe("""{"code":1001,"reason":"shutdown","mayReconnect":true}""");
        (await sse.TryReadAsync()).ShouldBeNull();
        await stopped;
    }

    [Fact]
    public async Task Upgrade_OfTheStreamsPath_IsNoWebSocket()
    {
        await using var node = await BrokerNode.StartAsync();
        using var http = await RawHttp.ConnectAsync(node.Port);

        await http.SendAsync(RawHttp.Upgrade("/sse"));

        (await http.ReadUntilAsync("\r\n")).ShouldNotContain("101");
    }
}
