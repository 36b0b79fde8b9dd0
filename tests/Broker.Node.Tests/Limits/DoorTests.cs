using System.Net;
using Broker.Actors;
using Broker.Node.Tests.Connections;
using Broker.Node.Tests.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.Limits;

/// <summary>Who is turned away at the door, whichever way it comes in.</summary>
[Trait("Needs", "server")]
public sealed class DoorTests
{
    public static TheoryData<WayIn> Ways { get; } = [WayIn.Fast, WayIn.Pipe, WayIn.Tls, WayIn.Upgrade, WayIn.Stream];

    public static TheoryData<WayIn> WebSockets { get; } = [WayIn.Fast, WayIn.Pipe, WayIn.Tls, WayIn.Upgrade];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Sessions_OneMoreThanTheNodeMayHave_Is503UntilOneHasGone(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way, ("Broker:Limits:Sessions", "1"));
        await using (await node.EnterAsync(way))
        {
            (await node.KnockAsync(way)).ShouldBe((503, "5"));
            (await node.KnockAsync(way, "/rocketws")).ShouldBe((503, "5"));
            (await node.KnockAsync(Other(way))).ShouldBe((503, "5"));
            Counted(node, Limit.NodeSessions).ShouldBe(3);
        }

        await KnockUntilTakenAsync(node, way);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Sessions_OneMoreThanAnAddressMayHave_Is429UntilOneHasGone(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way, ("Broker:Limits:SessionsPerAddress", "1"));
        await using (await node.EnterAsync(way))
        {
            (await node.KnockAsync(way)).ShouldBe((429, "5"));
            (await node.KnockAsync(Other(way))).ShouldBe((429, "5"));
            Counted(node, Limit.AddressSessions).ShouldBe(2);
        }

        await KnockUntilTakenAsync(node, way);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Sessions_OneMoreThanAnAppMayHave_Is503UntilOneHasGone(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way, ("Broker:Apps:0:Id", "default"), ("Broker:Apps:0:Sessions", "1"));
        await using (await node.EnterAsync(way))
        {
            (await node.KnockAsync(way)).ShouldBe((503, "5"));
            (await node.KnockAsync(Other(way))).ShouldBe((503, "5"));
            Counted(node, Limit.AppSessions).ShouldBe(2);
        }

        await KnockUntilTakenAsync(node, way);
    }

    [Theory]
    [MemberData(nameof(WebSockets))]
    public async Task Sessions_OneMoreThanAnAppMayHave_AreRefusedWhereTheyNameIt(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(
            way, ("Broker:Apps:0:Id", "default"), ("Broker:Apps:0:Sessions", "1"), ("Broker:Apps:1:Id", "shop"), ("Broker:Apps:1:Sessions", "1"));
        await using var first = await node.ConnectAsync(way, "/rpc");
        (await first.CallAsync("connect", """{"app":"shop"}""")).GetProperty("result").GetProperty("app").GetString().ShouldBe("shop");

        await using var second = await node.ConnectAsync(way, "/rpc");
        var refused = await second.CallAsync("connect", """{"app":"shop"}""");
        refused.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-32033);
        Counted(node, Limit.AppSessions).ShouldBe(1);
        await first.CloseAsync();
        (await second.CallAsync("connect", """{"app":"shop"}""")).TryGetProperty("result", out _).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Handshakes_FasterThanAnAddressMay_Are429(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way, ("Broker:Limits:HandshakesPerSecondPerAddress", "1"));

        (await node.KnockUntilAsync(way, 429)).ShouldBe("1");

        Counted(node, Limit.AddressHandshakes).ShouldBe(1);
        await KnockUntilTakenAsync(node, way);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Handshakes_FasterThanTheNodeMay_Are503(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way, ("Broker:Limits:HandshakesPerSecond", "1"));

        (await node.KnockUntilAsync(way, 503)).ShouldBe("1");

        Counted(node, Limit.NodeHandshakes).ShouldBe(1);
        await KnockUntilTakenAsync(node, way);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Memory_OverTheMark_TurnsNewOnesAwayAndKeepsThoseThatAreIn(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way, ("Broker:Limits:Memory", $"{16 << 20}"));
        await using var first = await node.EnterAsync(way);   // null when it is over its mark already

        (await node.KnockUntilAsync(way, 503)).ShouldBe("5");

        Counted(node, Limit.Memory).ShouldBe(1);
        using var ready = await node.Http.GetAsync("/health/ready");
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await ready.Content.ReadAsStringAsync()).ShouldContain("\"status\":\"full\"");
        (await node.Http.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        if (first is WebSocketClient client)
        {
            (await client.CallAsync("ping")).TryGetProperty("result", out _).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(WayIn.Fast)]
    [InlineData(WayIn.Pipe)]
    [InlineData(WayIn.Upgrade)]
    public async Task Head_LargerThanAllowed_Is431(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way, ("Broker:Limits:HeadBytes", "1024"));
        using var raw = await RawHttp.ConnectAsync(node.Port);

        await raw.SendAsync(RawHttp.Upgrade("/rpc", $"X-Large: {new string('x', 2_000)}\r\n"));

        (await raw.ReadUntilAsync("\r\n")).ShouldStartWith("HTTP/1.1 431");
        if (way != WayIn.Upgrade)
        {
            Counted(node, Limit.HeadBytes).ShouldBe(1);   // the HTTP server counts its own
        }
    }

    [Theory]
    [InlineData(WayIn.Fast, "")]
    [InlineData(WayIn.Fast, "GET /rpc HTTP/1.1\r\nHost:")]
    [InlineData(WayIn.Pipe, "")]
    [InlineData(WayIn.Pipe, "GET /rpc HTTP/1.1\r\nHost:")]
    [InlineData(WayIn.Upgrade, "GET /rpc HTTP/1.1\r\nHost:")]
    public async Task Handshake_ThatIsNotDoneInTime_IsClosed(WayIn way, string beginning)
    {
        await using var node = await WaysIn.StartAsync(way, ("Broker:Limits:HandshakeSeconds", "1"));
        using var raw = await RawHttp.ConnectAsync(node.Port);

        await raw.SendAsync(beginning);

        try
        {
            (await raw.ReadToEndAsync()).ShouldNotContain("101");
        }
        catch (IOException)
        {
            // A reset.
        }

        if (way != WayIn.Upgrade)
        {
            Counted(node, Limit.HandshakeTime).ShouldBe(1);
        }
    }

    [Theory]
    [InlineData(WayIn.Fast)]
    [InlineData(WayIn.Pipe)]
    [InlineData(WayIn.Upgrade)]
    public async Task HttpConnections_OneMoreThanThereMayBe_EndsTheOldestAndSessionsDoNotCount(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way, ("Broker:Limits:HttpConnections", "1"));
        await using var first = await node.ConnectAsync(way, "/rpc");
        await using var second = await node.ConnectAsync(way, "/rpc");
        using var kept = await RawHttp.ConnectAsync(node.Port);
        await kept.SendAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await kept.ReadUntilAsync("\"live\"}\r\n0\r\n\r\n");

        using var more = await RawHttp.ConnectAsync(node.Port);
        await more.SendAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await more.ReadUntilAsync("\"live\"}")).ShouldStartWith("HTTP/1.1 200");

        (await kept.ReadToEndAsync()).ShouldBeEmpty();
        Counted(node, Limit.HttpConnections).ShouldBe(1);
        (await first.CallAsync("ping")).TryGetProperty("result", out _).ShouldBeTrue();
    }

    private static long Counted(BrokerNode node, Limit limit) => node.Services.GetRequiredService<LocalNode>().Counters.Limits[limit];

    /// <summary>A way in of the same node that is no way round the limits of the first.</summary>
    private static WayIn Other(WayIn way) => way == WayIn.Stream ? WayIn.Pipe : WayIn.Stream;

    private static async Task KnockUntilTakenAsync(BrokerNode node, WayIn way)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await node.KnockAsync(way)).Status != Knocking.Taken(way))
        {
            patience.IsCancellationRequested.ShouldBeFalse("Nobody is taken any more.");
        }
    }
}
