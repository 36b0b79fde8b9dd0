using System.Text.Json;
using Broker.Actors;
using Broker.Node.Tests.Connections;
using Broker.Node.Tests.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.Limits;

/// <summary>What a session is refused, in both dialects, whichever way it came in; none of it costs the session but a message that is too big.</summary>
[Trait("Needs", "server")]
public sealed class SessionLimitsTests
{
    private const string Brackets = "[[[[[[[[]]]]]]]]";

    public static TheoryData<WayIn> Ways { get; } = [WayIn.Fast, WayIn.Pipe, WayIn.Tls, WayIn.Upgrade];

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
