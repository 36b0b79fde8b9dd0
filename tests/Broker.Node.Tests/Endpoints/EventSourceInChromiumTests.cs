using Broker.Node.Tests.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Broker.Node.Tests.Endpoints;

/// <summary>A browser's own EventSource, which comes back by itself with the last id.</summary>
[Trait("Needs", "browser")]
public sealed class EventSourceInChromiumTests(Chromium chromium) : IClassFixture<Chromium>
{
    /// <summary>Writes what comes into the page, one line each.</summary>
    private const string Listen = """
        channels => {
            const source = new EventSource("/sse?channels=" + channels);
            const note = text => document.body.append(Object.assign(document.createElement("p"), { textContent: text }));
            source.onmessage = ({ data }) => { const { channel, data: value, offset } = JSON.parse(data); note(`${channel}#${offset} ${JSON.stringify(value)}`); };
            for (const name of ["subscribed", "reset"]) {
                source.addEventListener(name, ({ data }) => { const { channel, offset, recovered } = JSON.parse(data); note(`${name} ${channel}@${offset}${recovered ? " recovered" : ""}`); });
            }
            source.onerror = () => note(source.readyState === EventSource.CLOSED ? "given up" : "lost");
        }
        """;

    [Fact]
    public async Task EventSource_WhenItIsDisconnected_ResumesByItselfWithoutALossOrADouble()
    {
        // Back before all are closed, it would be closed once more: one loop closes them in one go, and it comes back well after that.
        await using var node = await BrokerNode.StartAsync(("Broker:Sse:Retry", "00:00:02"), ("Broker:Loops", "1"));
        var page = await ListenAsync(node.Url, "a,b");
        await Line(page, "subscribed a@0").WaitForAsync();
        await Line(page, "subscribed b@0").WaitForAsync();
        await node.PublishAsync("a", 1);
        await Line(page, "a#1 1").WaitForAsync();

        // Sessions of nobody in particular are closed by closing them all.
        await node.Services.GetRequiredService<Broker.Actors.LocalNode>().CloseAllAsync(Broker.Actors.Sessions.Disconnect.ByOperator);
        await node.PublishAsync("a", 2);
        await node.PublishAsync("b", 1);
        await Line(page, "a#2 2").WaitForAsync();
        await Line(page, "b#1 1").WaitForAsync();
        await node.PublishAsync("b", 2);
        await Line(page, "b#2 2").WaitForAsync();

        var lines = await page.Locator("p").AllTextContentsAsync();
        lines.ShouldContain("lost");
        lines.Count(line => line.Contains("recovered", StringComparison.Ordinal)).ShouldBe(2);
        lines.Where(line => line.Contains('#', StringComparison.Ordinal)).ShouldBe(["a#1 1", "a#2 2", "b#1 1", "b#2 2"], ignoreOrder: true);
        lines.ShouldNotContain(line => line.StartsWith("reset", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Needs", "server")]
    public async Task EventSource_WhenTheNodeIsKilledAndRestarted_IsToldWhatItLost()
    {
        var first = await BrokerProcess.StartAsync(arguments: ["--Broker:Sse:Retry", "00:00:00.200"]);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{first.Port}") };
        var page = await ListenAsync(http.BaseAddress.ToString(), "a,b");
        await Line(page, "subscribed a@0").WaitForAsync();
        await Line(page, "subscribed b@0").WaitForAsync();
        await PublishAsync(http, 1);
        await Line(page, "a#1 1").WaitForAsync();
        await first.SignalAsync("KILL");
        await first.WaitForExitAsync();
        await first.DisposeAsync();
        await Line(page, "lost").First.WaitForAsync();

        await using var second = await BrokerProcess.StartAsync(first.Port);
        await Line(page, "reset a@0").WaitForAsync();
        await Line(page, "reset b@0").WaitForAsync();
        await PublishAsync(http, 2);
        await Line(page, "a#1 2").WaitForAsync();
    }

    private static async Task PublishAsync(HttpClient http, int data)
    {
        using var body = new StringContent($$"""{"channel":"a","data":{{data}}}""", System.Text.Encoding.UTF8, "application/json");
        (await http.PostAsync("/api/publish", body)).EnsureSuccessStatusCode();
    }

    private async Task<IPage> ListenAsync(string url, string channels)
    {
        var page = await chromium.Browser.NewPageAsync();
        page.SetDefaultTimeout(20_000);
        await page.GotoAsync(new Uri(new Uri(url), "/health/live").ToString());
        await page.EvaluateAsync(Listen, channels);
        return page;
    }

    private static ILocator Line(IPage page, string text) => page.Locator("p").Filter(new() { HasTextString = text });
}
