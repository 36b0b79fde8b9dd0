using System.Net;
using System.Text.RegularExpressions;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Demo;

public sealed partial class DemoPageTests
{
    [Fact]
    public async Task Page_OnLoopback_IsOnAndStrict()
    {
        await using var node = await BrokerNode.StartAsync();

        var reply = await node.Http.GetAsync("/");

        var page = await reply.Content.ReadAsStringAsync();
        reply.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        var policy = reply.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldStartWith("default-src 'none'; script-src 'self'; style-src 'self'");
        policy.ShouldNotContain("unsafe");
        page.ShouldContain("data-demo=\"on\"");
        InlineCode().IsMatch(page).ShouldBeFalse();
    }

    [Fact]
    public async Task Page_EveryFileThatItNames_IsThere()
    {
        await using var node = await BrokerNode.StartAsync();
        var page = await node.Http.GetStringAsync("/");

        foreach (var file in Files().Matches(page).Select(match => match.Groups["file"].Value).Append("/demo/client.js").Distinct())
        {
            var reply = await node.Http.GetAsync(file);
            reply.StatusCode.ShouldBe(HttpStatusCode.OK, file);
            reply.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        }
    }

    [Theory]
    [InlineData("Broker:Apps:0:Id", "shop")]
    [InlineData("Broker:Urls", "http://0.0.0.0:0")]
    public async Task Page_WhereTheDemoAppIsNotServed_SaysThatItIsOff(string name, string value)
    {
        await using var node = await BrokerNode.StartAsync((name, value));

        (await node.Http.GetStringAsync("/")).ShouldContain("data-demo=\"off\"");
    }

    [GeneratedRegex(@"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"(href|src)=""(?<file>/demo/[^""]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Files();
}
