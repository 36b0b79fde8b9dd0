using Broker.Node.Tests.Nodes;
using Microsoft.Playwright;

namespace Broker.Node.Tests.Demo;

/// <summary>The demo page as people see it, in a real browser.</summary>
[Trait("Needs", "browser")]
public sealed class DemoInChromiumTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task TwoPages_ChatAndSeeEachOther()
    {
        await using var node = await BrokerNode.StartAsync();
        var ann = await OpenAsync(node.Url, "Ann");
        var bob = await OpenAsync(node.Url, "Bob");

        await Members(ann).Filter(new() { HasTextString = "Bob" }).WaitForAsync();
        await Members(bob).Filter(new() { HasTextString = "Ann" }).WaitForAsync();

        await SayAsync(ann, "Is anybody there?");
        await Said(bob, "Is anybody there?").WaitForAsync();
        await SayAsync(bob, "Only me <b>.");
        await Said(ann, "Only me <b>.").WaitForAsync();

        await Frame(ann, "out", "\"method\":\"publish\"").WaitForAsync();
        await Frame(bob, "in", "\"event\":\"said\"").First.WaitForAsync();
    }

    [Fact]
    public async Task Member_WhenItsPageCloses_IsGone()
    {
        await using var node = await BrokerNode.StartAsync();
        var ann = await OpenAsync(node.Url, "Ann");
        var bob = await OpenAsync(node.Url, "Bob");
        await Members(ann).Filter(new() { HasTextString = "Bob" }).WaitForAsync();

        await bob.CloseAsync();

        await ann.GetByText("Bob left").WaitForAsync();
        await Members(ann).Filter(new() { HasTextString = "Bob" }).WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    [Fact]
    public async Task Name_WhenChanged_IsWhatOthersSee()
    {
        await using var node = await BrokerNode.StartAsync();
        var ann = await OpenAsync(node.Url, "Ann");
        var bob = await OpenAsync(node.Url, "Bob");

        await bob.GetByLabel("Your name").FillAsync("Robert");
        await bob.GetByLabel("Your name").PressAsync("Enter");

        await Members(ann).Filter(new() { HasTextString = "Robert" }).WaitForAsync();
        await Members(ann).Filter(new() { HasTextString = "Bob" }).WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    [Fact]
    public async Task LatePage_SeesWhatWasSaidBefore()
    {
        await using var node = await BrokerNode.StartAsync();
        var ann = await OpenAsync(node.Url, "Ann");
        await SayAsync(ann, "first");
        await Said(ann, "first").WaitForAsync();

        var bob = await OpenAsync(node.Url, "Bob");

        await Said(bob, "first").WaitForAsync();
    }

    [Fact]
    [Trait("Needs", "server")]
    public async Task Page_WhenTheNodeRestarts_ComesBackAndGoesOn()
    {
        var first = await BrokerProcess.StartAsync();
        var ann = await OpenAsync($"http://127.0.0.1:{first.Port}", "Ann");
        await first.SignalAsync("TERM");
        (await first.WaitForExitAsync()).ShouldBe(0);
        await first.DisposeAsync();
        await ann.Locator("#status-text", new() { HasTextString = "Reconnecting" }).WaitForAsync();

        await using var second = await BrokerProcess.StartAsync(first.Port);

        await ann.Locator("#status[data-state=on]").WaitForAsync();
        await ann.Locator(".note.lost").WaitForAsync();
        await SayAsync(ann, "back again");
        await Said(ann, "back again").WaitForAsync();
    }

    [Fact]
    public async Task Page_WhenTheDemoIsOff_SaysSo()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Apps:0:Id", "shop"));
        var page = await chromium.Browser.NewPageAsync();

        await page.GotoAsync(node.Url);

        await page.GetByText("The demo is off").WaitForAsync();
        (await page.Locator("main").IsVisibleAsync()).ShouldBeFalse();
    }

    /// <summary>Opens the page with a name of its own; fails on any error that the browser reports.</summary>
    private async Task<IPage> OpenAsync(string url, string name)
    {
        var context = await chromium.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1100, Height = 720 } });
        context.SetDefaultTimeout(20_000);
        await context.AddInitScriptAsync($"sessionStorage.getItem('name') ?? sessionStorage.setItem('name', '{name}')");
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => throw new InvalidOperationException(error);
        await page.GotoAsync(url);
        await page.Locator("#status[data-state=on]").WaitForAsync();
        return page;
    }

    private static async Task SayAsync(IPage page, string text)
    {
        await page.GetByLabel("Message", new() { Exact = true }).FillAsync(text);
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
    }

    private static ILocator Said(IPage page, string text) => page.Locator("#messages .said", new() { HasTextString = text });

    private static ILocator Frame(IPage page, string direction, string text) => page.Locator($"#frames .{direction}", new() { HasTextString = text });

    private static ILocator Members(IPage page) => page.Locator("#members li");
}
