using System.Net;
using Broker.Node.Origins;
using Broker.Node.Tests.Connections;
using Broker.Node.Tests.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.Origins;

public sealed class OriginsTests
{
    private const string Everywhere = "http://0.0.0.0:0";

    private static readonly (string, string)[] Shops =
    [
        ("Broker:Apps:0:Id", "default"), ("Broker:Apps:0:Origins:0", "https://*.example.com"),
        ("Broker:Apps:1:Id", "shop"), ("Broker:Apps:1:Origins:0", "https://shop.example.net"),
    ];

    public static TheoryData<WayIn> Ways => [WayIn.Fast, WayIn.Pipe, WayIn.Tls, WayIn.Upgrade];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task List_OfAnApp_LetsItsPagesInAndNoOthers(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way, Shops);

        (await AskAsync(node, way, "/rocketws", "https://www.example.com")).ShouldBe(101);
        (await AskAsync(node, way, "/rocketws", origin: null)).ShouldBe(101);
        (await AskAsync(node, way, "/rocketws", "https://example.com")).ShouldBe(403);
        (await AskAsync(node, way, "/rocketws", "https://shop.example.net")).ShouldBe(403);
        (await AskAsync(node, way, "/rocketws", "null")).ShouldBe(403);
    }

    /// <summary>A native client names its app after the handshake: the handshake asks for some app that takes the page, <c>connect</c> for the one.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task List_OfAnApp_CountsForClientsThatNameTheirApp(WayIn way)
    {
        await using var node = await WaysIn.StartAsync(way, Shops);
        await using var client = await node.ConnectAsync(way, "/rpc", options => options.SetRequestHeader("Origin", "https://shop.example.net"));

        (await client.CallAsync("subscribe", """{"channel":"chat"}""")).TryGetProperty("error", out _).ShouldBeTrue();
        (await client.CallAsync("connect", """{"app":"default"}""")).GetProperty("error").GetProperty("message").GetString().ShouldBe("Unknown app");
        (await client.CallAsync("connect", """{"app":"shop"}""")).TryGetProperty("result", out _).ShouldBeTrue();
        (await AskAsync(node, way, "/rpc", "https://evil.example.net")).ShouldBe(403);
    }

    [Theory]
    [InlineData("http://localhost:3000", 101)]
    [InlineData("http://127.0.0.1", 101)]
    [InlineData("http://[::1]:5173", 101)]
    [InlineData("file://", 101)]
    [InlineData("https://evil.example.net", 403)]
    [InlineData("http://localhost.evil.example.net", 403)]
    [InlineData("null", 403)]
    [InlineData("no origin", 403)]
    public async Task WithoutAList_OnLoopback_PagesOfThisMachineMayConnect(string origin, int status)
    {
        await using var node = await BrokerNode.StartAsync();

        (await AskAsync(node, WayIn.Fast, "/rocketws", origin)).ShouldBe(status);
        (await AskAsync(node, WayIn.Fast, "/rpc", origin)).ShouldBe(status);
    }

    /// <summary>A name of the page's own that leads to 127.0.0.1 makes it the same origin to a browser.</summary>
    [Fact]
    public async Task WithoutAList_OnLoopback_ANameThatLeadsHereIsNotEnough()
    {
        await using var node = await BrokerNode.StartAsync();

        (await AskAsync(node, WayIn.Fast, "/rocketws", "http://evil.example.net:9772", host: "evil.example.net:9772")).ShouldBe(403);
    }

    [Theory]
    [InlineData("http://broker.example.com:9772", "broker.example.com:9772", 101)]
    [InlineData("https://broker.example.com", "broker.example.com", 101)]
    [InlineData("https://broker.example.com", "BROKER.example.com:443", 101)]
    [InlineData("http://broker.example.com", "broker.example.com:9772", 403)]
    [InlineData("https://www.example.com", "broker.example.com", 403)]
    [InlineData("http://localhost:3000", "broker.example.com", 403)]
    public async Task WithoutAList_Elsewhere_PagesOfTheSameHostMayConnect(string origin, string host, int status)
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Urls", Everywhere), ("Broker:Apps:0:Id", "default"));

        (await AskAsync(node, WayIn.Fast, "/rocketws", origin, host)).ShouldBe(status);
    }

    [Fact]
    public async Task WithAStar_AllPagesMayConnect()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Apps:0:Id", "default"), ("Broker:Apps:0:Origins:0", "*"));

        (await AskAsync(node, WayIn.Fast, "/rocketws", "https://anything.example")).ShouldBe(101);
        (await AskAsync(node, WayIn.Fast, "/rocketws", "null")).ShouldBe(101);
    }

    /// <summary>A page can post plain text to any address without being asked first.</summary>
    [Fact]
    public async Task MessageSource_AskedByAForeignPage_Refuses()
    {
        await using var node = await BrokerNode.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/rocketws") { Content = new StringContent("{}") };
        request.Headers.Add("Origin", "https://evil.example.net");

        (await node.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("https://www.example.com", true)]
    [InlineData("https://shop.example.net", true)]
    [InlineData("https://evil.example.net", false)]
    public async Task Cors_OfAnEndpointThatWantsIt_GoesByTheLists(string origin, bool isAllowed)
    {
        await using var node = await BrokerNode.StartAsync(
            builder => builder.Services.AddSingleton<IStartupFilter, Tried>(), Shops);
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/tried");
        preflight.Headers.Add("Origin", origin);
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/tried");
        request.Headers.Add("Origin", origin);

        var asked = await node.Http.SendAsync(preflight);
        var answered = await node.Http.SendAsync(request);

        asked.Headers.TryGetValues("Access-Control-Allow-Origin", out var first).ShouldBe(isAllowed);
        answered.Headers.TryGetValues("Access-Control-Allow-Origin", out var second).ShouldBe(isAllowed);
        answered.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
        if (isAllowed)
        {
            first.ShouldBe([origin]);
            second.ShouldBe([origin]);
            asked.Headers.GetValues("Access-Control-Allow-Headers").ShouldBe(["authorization,content-type"]);
        }

        (await answered.Content.ReadAsStringAsync()).ShouldBe("answered");
    }

    private static async Task<int> AskAsync(BrokerNode node, WayIn way, string path, string? origin, string host = "localhost")
    {
        using var client = await RawHttp.ConnectAsync(way == WayIn.Tls ? node.PortOf(1) : node.Port);
        if (way == WayIn.Tls)
        {
            await client.SecureAsync();
        }

        var request = RawHttp.Upgrade(path, origin is null ? "" : $"Origin: {origin}\r\n").Replace("Host: localhost", $"Host: {host}", StringComparison.Ordinal);
        await client.SendAsync(request);
        return int.Parse((await client.ReadUntilAsync("\r\n"))[9..12], System.Globalization.CultureInfo.InvariantCulture);
    }

    private sealed class Tried : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            next(app);
            app.UseRouting();
            app.UseCors();
            app.UseEndpoints(endpoints => endpoints.MapPost("/tried", () => "answered").WithCors());
        };
    }
}
