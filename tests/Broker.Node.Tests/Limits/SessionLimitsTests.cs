using System.Text.Json;
using Broker.Actors;
using Broker.Node.Tests.Connections;
using Broker.Node.Tests.Nodes;
using Broker.TestKit.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.Limits;

/// <summary>What a session is refused, in both dialects, whichever way it came in; none of it costs the session but a message that is too big.</summary>
[Trait("Needs", "server")]
public sealed class SessionLimitsTests
{
    private const string Secret = "the app default's secret of 32 bytes";
    private const string Present = """{"channel":"c","presence":{}}""";
    private const string Brackets = "[[[[[[[[]]]]]]]]";

    public static TheoryData<WayIn> Ways { get; } = [WayIn.Fast, WayIn.Pipe, WayIn.Tls, WayIn.Upgrade];

    private static (string, string)[] OneMember =>
    [
        ("Broker:Apps:0:Id", "default"),
        ("Broker:Apps:0:Tokens:0:Key", Secret),
        ("Broker:Namespaces:0:Pattern", "*"),
        ("Broker:Namespaces:0:MaxMembers", "1"),
        ("Broker:Namespaces:0:Subscribe", "Anonymous"),
        ("Broker:Namespaces:0:Presence", "Anonymous"),
    ];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Frame_LargerThanAllowed_ClosesWith1009(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way, ("Broker:Limits:FrameBytes", "1024"));
        foreach (var path in (string[])["/rpc", "/rocketws"])
        {
            await using var client = await node.ConnectAsync(way, path);
            await client.SendAsync(new string(' ', 1_025));
            await client.WaitForCloseAsync();
            client.CloseStatus.ShouldBe(WebSocketCloseStatus.MessageTooBig);
        }

        Counted(node, Limit.FrameBytes).ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Commands_OverALimit_AreRefusedInTheWordsOfTheirDialect(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(
            way,
            ("Broker:Limits:Subscriptions", "1"),
            ("Broker:Limits:ChannelNameBytes", "8"),
            ("Broker:Limits:EventNameLength", "4"),
            ("Broker:Limits:InfoBytes", "10"),
            ("Broker:Limits:JsonDepth", "8"));
        await using var native = await node.ConnectAsync(way, "/rpc");
        await using var rocket = await node.ConnectAsync(way, "/rocketws");
        (await CodeAsync(native, "subscribe", """{"channel":"a long name"}""")).ShouldBe(-32020);
        (await CodeAsync(rocket, "subscribe", """{"channel":"a long name"}""")).ShouldBe(-32602);
        foreach (var client in new[] { native, rocket })
        {
            (await client.CallAsync("subscribe", """{"channel":"first"}""")).TryGetProperty("result", out _).ShouldBeTrue();
        }

        (await CodeAsync(native, "subscribe", """{"channel":"second"}""")).ShouldBe(-32030);
        (await ErrorAsync(rocket, "subscribe", """{"channel":"second"}""")).ShouldContain("as many channels as it may");
        (await CodeAsync(native, "publish", """{"channel":"first","event":"event","data":1}""")).ShouldBe(-32021);
        (await DeepAsync(native)).ShouldBe(-32700);
        (await DeepAsync(rocket)).ShouldBe(-32700);
        await native.CallAsync("unsubscribe", """{"channel":"first"}""");
        await native.CallAsync("connect", """{"app":"demo","user":"ann"}""");
        (await CodeAsync(native, "subscribe", """{"channel":"first","presence":{"info":"far too long"} }""")).ShouldBe(-32023);

        Counted(node, Limit.Subscriptions).ShouldBe(2);
        Counted(node, Limit.ChannelName).ShouldBe(2);
        Counted(node, Limit.EventName).ShouldBe(1);
        Counted(node, Limit.JsonDepth).ShouldBe(2);
        Counted(node, Limit.MemberInfo).ShouldBe(1);
        (await native.CallAsync("ping")).TryGetProperty("result", out _).ShouldBeTrue();
        (await rocket.CallAsync("heartbeat")).TryGetProperty("result", out _).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Members_OneMoreThanAChannelMayHave_AreRefusedUntilOneHasGone(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way, OneMember);
        await using var ann = await PresentAsync(node, way, "ann");
        await using var bob = await PresentAsync(node, way, "bob");
        (await ann.CallAsync("subscribe", Present)).TryGetProperty("result", out _).ShouldBeTrue();

        (await CodeAsync(bob, "subscribe", Present)).ShouldBe(-32031);

        Counted(node, Limit.Members).ShouldBe(1);
        (await bob.CallAsync("subscribe", """{"channel":"c"}""")).TryGetProperty("result", out _).ShouldBeTrue();
        await bob.CallAsync("unsubscribe", """{"channel":"c"}""");
        await ann.CallAsync("unsubscribe", """{"channel":"c"}""");
        (await bob.CallAsync("subscribe", Present)).TryGetProperty("result", out _).ShouldBeTrue();
    }

    /// <summary>Those who cannot be present do not take a member's place, and need none.</summary>
    [Fact]
    public async Task Members_AsManyAsAChannelMayHave_KeepNoStreamAndNoRocketWsClientOut()
    {
        await using var node = await WaysIn.StartAsync(WayIn.Fast, OneMember);
        await using var ann = await PresentAsync(node, WayIn.Fast, "ann");
        await using var rocket = await node.ConnectAsync(WayIn.Fast, "/rocketws");
        using var stream = await SseClient.SubscribeAsync(node, "c");
        (await rocket.CallAsync("subscribe", """{"channel":"c"}""")).TryGetProperty("result", out _).ShouldBeTrue();
        (await ann.CallAsync("subscribe", Present)).TryGetProperty("result", out _).ShouldBeTrue();
        using var more = await SseClient.SubscribeAsync(node, "c");

        var (_, stats) = await node.ApiAsync("presence_stats", """{"channel":"c"}""");

        stats.GetRawText().ShouldBe("""{"users":1,"connections":1,"subscribers":4}""");
        Counted(node, Limit.Members).ShouldBe(0);
    }

    [Fact]
    public async Task Stream_OverALimit_IsAProblemBeforeItBegins()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Limits:Subscriptions", "1"), ("Broker:Limits:ChannelNameBytes", "8"));
        using var many = await SseClient.OpenAsync(node, "channels=a,b");
        using var name = await SseClient.OpenAsync(node, "channels=a-long-name");

        (await many.ReadLineAsync()).ShouldNotBeNull().ShouldContain("too_many_entries");
        (await name.ReadLineAsync()).ShouldNotBeNull().ShouldContain("invalid_channel");
        Counted(node, Limit.Subscriptions).ShouldBe(1);
        Counted(node, Limit.ChannelName).ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Publishes_FasterThanAllowed_AreRefusedAndTheSessionStays(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way, ("Broker:Limits:PublishesPerSecond", "1"));
        await using var native = await node.ConnectAsync(way, "/rpc");
        await using var rocket = await node.ConnectAsync(way, "/rocketws");
        await rocket.CallAsync("subscribe", """{"channel":"c"}""");

        (await RefusedAsync(native, "publish", """{"channel":"c","event":"e","data":1}""")).ShouldContain("-32032");
        (await RefusedAsync(rocket, "send_data", """{"channel":"c","data":{} }""")).ShouldContain("publishes faster than it may");

        Counted(node, Limit.PublishesPerSecond).ShouldBe(2);
        (await native.CallAsync("ping")).TryGetProperty("result", out _).ShouldBeTrue();
        (await rocket.CallAsync("heartbeat")).TryGetProperty("result", out _).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Frames_FasterThanAllowed_AreReadNoFasterAndAllAnswered(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way, ("Broker:Limits:FramesPerSecond", "50"));
        await using var client = await node.ConnectAsync(way, "/rpc");

        await PingAsync(client, node, Limit.FramesPerSecond, padding: 0);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Bytes_FasterThanAllowed_AreReadNoFasterAndAllAnswered(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way, ("Broker:Limits:BytesPerSecond", "50000"));
        await using var client = await node.ConnectAsync(way, "/rpc");

        await PingAsync(client, node, Limit.BytesPerSecond, padding: 1_000);
    }

    private static async Task<WebSocketClient> PresentAsync(BrokerNode node, WayIn way, string user)
    {
        var client = await node.ConnectAsync(way, "/rpc");
        (await client.CallAsync("connect", $$"""{"token":"{{Jwt.HS256(Secret, Jwt.Claims($"\"sub\":\"{user}\""))}}"}""")).TryGetProperty("result", out _).ShouldBeTrue();
        return client;
    }

    /// <summary>Sends two seconds' worth of pings at once, and gets every answer; until they have come fast enough to be over the limit.</summary>
    private static async Task PingAsync(WebSocketClient client, BrokerNode node, Limit limit, int padding)
    {
        const int AtOnce = 100;
        var spaces = new string(' ', padding);
        for (var id = 1; Counted(node, limit) == 0; id += AtOnce)
        {
            id.ShouldBeLessThan(10_000);
            for (var n = 0; n < AtOnce; n++)
            {
                await client.SendAsync($$"""{"jsonrpc":"2.0","id":{{id + n}},"method":"ping","params":{} {{spaces}} }""");
            }

            for (var n = 0; n < AtOnce; n++)
            {
                (await client.ReceiveAsync()).GetProperty("id").GetInt32().ShouldBe(id + n);
            }
        }
    }

    private static async Task<string> RefusedAsync(WebSocketClient client, string method, string parameters)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            patience.IsCancellationRequested.ShouldBeFalse("Nothing is refused.");
            var answer = await client.CallAsync(method, parameters);
            if (answer.TryGetProperty("error", out var error))
            {
                return error.GetRawText();
            }
        }
    }

    private static async Task<int> CodeAsync(WebSocketClient client, string method, string parameters) =>
        (await client.CallAsync(method, parameters)).GetProperty("error").GetProperty("code").GetInt32();

    private static async Task<string> ErrorAsync(WebSocketClient client, string method, string parameters) =>
        (await client.CallAsync(method, parameters)).GetProperty("error").GetRawText();

    /// <summary>The answer has no id, since the request could not be read.</summary>
    private static async Task<int> DeepAsync(WebSocketClient client)
    {
        await client.SendAsync($$"""{"jsonrpc":"2.0","id":1,"method":"ping","params":{{Brackets}} }""");
        var answer = await client.ReceiveAsync();
        answer.GetProperty("id").ValueKind.ShouldBe(JsonValueKind.Null);
        return answer.GetProperty("error").GetProperty("code").GetInt32();
    }

    private static long Counted(BrokerNode node, Limit limit) => node.Services.GetRequiredService<LocalNode>().Counters.Limits[limit];
}
