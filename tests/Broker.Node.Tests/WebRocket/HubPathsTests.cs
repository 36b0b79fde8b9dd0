using System.Net;
using Broker.Node.Connections;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.WebRocket;

/// <summary>Hubs' paths by the rules of Go's multiplexer.</summary>
[Trait("Needs", "server")]
public sealed class HubPathsTests(HubPathsTests.Hubs hubs) : IClassFixture<HubPathsTests.Hubs>
{
    [Theory]
    [InlineData("/echo", 101, null)]
    [InlineData("/echo?v=1", 101, null)]
    [InlineData("/echo/", 404, null)]
    [InlineData("/Echo", 404, null)]
    [InlineData("/echo/x", 404, null)]
    [InlineData("//echo", 301, "/echo")]
    [InlineData("/./echo?v=1", 301, "/echo?v=1")]
    [InlineData("/x/../echo", 301, "/echo")]
    [InlineData("/../echo", 301, "/echo")]
    [InlineData("/tree", 301, "/tree/")]
    [InlineData("/tree?v=1&x=%20", 301, "/tree/?v=1&x=%20")]
    [InlineData("/tree/", 101, null)]
    [InlineData("/tree/a/b", 101, null)]
    [InlineData("/tree//a", 301, "/tree/a")]
    [InlineData("/tree/a/../b/", 301, "/tree/b/")]
    [InlineData("//tree", 301, "/tree/")]
    [InlineData("/tree/inner", 301, "/tree/inner/")]
    [InlineData("/tree/inner/x", 101, null)]
    [InlineData("/tree/exact", 101, null)]
    [InlineData("/nowhere", 404, null)]
    [InlineData("//nowhere", 404, null)]
    [InlineData("//rpc", 404, null)]
    [InlineData("//evil.example/../echo", 301, "/echo")]
    public async Task Upgrade(string path, int status, string? location)
    {
        using var client = await RawHttp.ConnectAsync(hubs.Node.Port);
        await client.SendAsync(RawHttp.Upgrade(path));
        var head = await client.ReadUntilAsync("\r\n\r\n");

        head.ShouldStartWith($"HTTP/1.1 {status} ");
        (head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Location: ", StringComparison.Ordinal))?["Location: ".Length..]).ShouldBe(location);
    }

    [Theory]
    [InlineData("/tree", HttpStatusCode.MovedPermanently)]
    [InlineData("/health/live", HttpStatusCode.OK)]
    public async Task PlainRequests_AreLedTheSameWay(string path, HttpStatusCode status)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(hubs.Node.Url) };
        using var reply = await http.GetAsync(new Uri(path, UriKind.Relative));

        reply.StatusCode.ShouldBe(status);
    }

    /// <summary>The longest of the trees has the path: who is let in there is not let in by the other.</summary>
    [Theory]
    [InlineData("/tree/x", "tree")]
    [InlineData("/tree/inner/x", "inner")]
    [InlineData("/tree/exact", "exact")]
    [InlineData("/tree/exact/x", "tree")]
    public async Task Tree_TheLongest_HasThePath(string path, string secret)
    {
        await using var client = await RocketClient.ConnectAsync(hubs.Node.Socket(path));
        foreach (var one in (string[])["tree", "inner", "exact"])
        {
            await client.AskAsync($$$"""{"auth":{"access":"read-only","secret":"{{{one}}}"}}""", one == secret ? """{"ok":true}""" : """{"err":"invalid_credentials"}""");
        }
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("", "/")]
    [InlineData("/a/b", "/a/b")]
    [InlineData("/a/b/", "/a/b/")]
    [InlineData("a", "/a")]
    [InlineData("/a/./b", "/a/b")]
    [InlineData("/a/..", "/")]
    [InlineData("/a/../", "/")]
    [InlineData("/../../a", "/a")]
    [InlineData("/a/.hidden", "/a/.hidden")]
    [InlineData("///a///", "/a/")]
    public void CanonicalPath_IsGos(string path, string canonical) => CanonicalPath.Of(path).ShouldBe(canonical);

    /// <summary>A node with trees and a single path.</summary>
    public sealed class Hubs : IAsyncLifetime
    {
        public BrokerNode Node { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Node = await BrokerNode.StartAsync(
            [.. new[] { ("/echo", "echo"), ("/tree/", "tree"), ("/tree/inner/", "inner"), ("/tree/exact", "exact") }.SelectMany((hub, i) => new[]
            {
                ($"Broker:WebRocket:Hubs:{i}:Path", hub.Item1), ($"Broker:WebRocket:Hubs:{i}:Credentials:ReadOnly", hub.Item2),
            })]);

        public async ValueTask DisposeAsync() => await Node.DisposeAsync();
    }
}
