using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Broker.Node.Tests.Cluster;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.WebRocket;

/// <summary>Each dialect as a source, each as a reader: the reader gets the event in its own form, on one node and over several.</summary>
public abstract class CrossDialect
{
    /// <summary>Who emits; HTTP has no reader but the event stream.</summary>
    private static readonly Dictionary<string, ISource> Sources = new(StringComparer.Ordinal)
    {
        ["native"] = new NativeSource(),
        ["rocketws"] = new RocketWsSource(),
        ["webrocket 1"] = new WebRocket1Source(),
        ["webrocket 2"] = new WebRocket2Source(),
        ["http"] = new HttpSource(),
        ["rocketws over http"] = new RocketWsHttpSource(),
    };

    /// <summary>Who subscribes, and what it must get of an event by its name and data. The name is null where the source has none, the data where it gave none.</summary>
    private static readonly Dictionary<string, Reader> Readers = new(StringComparer.Ordinal)
    {
        ["native"] = new(
            server => OpenAsync(server, "/rpc"), channel => $$$"""{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"channel":"{{{channel}}}"}}""",
            (channel, name, data) => $$$"""{"jsonrpc":"2.0","method":"event","params":{"channel":"{{{channel}}}","event":"{{{name ?? "message"}}}","data":{{{data ?? "null"}}},"epoch":"*","offset":"*"}}"""),
        ["rocketws"] = new(
            server => OpenAsync(server, "/rocketws"), channel => $$$"""{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"channel":"{{{channel}}}"}}""",
            (_, _, data) => data is ['{', .. var members] && members.Length > 1 ? $$"""{{{members[..^1]}},"__type":"message","__ts":"*"}""" : $$"""{"data":{{data ?? "null"}},"__type":"message","__ts":"*"}"""),
        ["webrocket 1"] = new(
            server => AuthenticatedAsync(server, "v=1", """{"auth":{"access":"read-only","secret":"read-secret"}}"""), Subscribe, Delivery),
        ["webrocket 2"] = new(
            server => AuthenticatedAsync(server, "v=2", """{"authenticate":{"user":"front","secret":"read-secret"}}"""), Subscribe, Delivery),
    };

    /// <summary>An event's data: an object, which all have, another value, and nothing at all.</summary>
    private static readonly string?[] Data = ["""{"a":1,"b":["x",null]}""", "\"text\"", "[1,2]", "null", null];

    public static TheoryData<string, string> Pairs => [.. from source in Sources.Keys from reader in Readers.Keys select (source, reader)];

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Event_OfTheOne_ReachesTheOtherInItsForm(string from, string to)
    {
        var server = await ServerAsync();
        var (source, reader) = (Sources[from], Readers[to]);
        var channel = $"cross-{Guid.NewGuid():N}";
        await using var listening = await reader.OpenAsync(server);
        await listening.SendAsync(reader.Subscribe(channel));
        (await listening.ReceiveTextAsync()).ShouldNotBeNull().ShouldNotContain("err");
        await using var emitting = await source.OpenAsync(server, channel);

        foreach (var data in Data.Where(source.CanSay))
        {
            await source.EmitAsync(server, emitting, channel, "said", data);

            var message = (await listening.ReceiveTextAsync()).ShouldNotBeNull();
            var expected = reader.Expect(channel, source.HasNames ? "said" : null, data);
            Matches(JsonNode.Parse(message), JsonNode.Parse(expected)).ShouldBeTrue($"{message} instead of {expected}");
        }
    }

    /// <summary>What only WebRocket's clients can say, their own see as it was said, and others as far as they can.</summary>
    [Fact]
    public async Task WhatOnlyWebRocketCanSay_OthersSeeAsFarAsTheyCan()
    {
        var server = await ServerAsync();
        var channel = $"cross-{Guid.NewGuid():N}";
        await using var native = await OpenAsync(server, "/rpc");
        await using var rocket = await Readers["webrocket 2"].OpenAsync(server);
        await native.SendAsync(Readers["native"].Subscribe(channel));
        (await native.ReceiveTextAsync()).ShouldNotBeNull();
        await rocket.SendAsync(Subscribe(channel));
        (await rocket.ReceiveTextAsync()).ShouldNotBeNull();
        await using var first = await Sources["webrocket 1"].OpenAsync(server, channel);

        await first.SendAsync($$$"""{"publish":{"event":{"n":1},"channel":"{{{channel}}}","data":2,"more":[3]}}""");

        Matches(JsonNode.Parse((await rocket.ReceiveTextAsync()).ShouldNotBeNull()), JsonNode.Parse($$"""{"event":{"n":1},"channel":"{{channel}}","data":2,"more":[3]}""")).ShouldBeTrue();
        var seen = JsonNode.Parse((await native.ReceiveTextAsync()).ShouldNotBeNull())!["params"]!;
        seen["event"]!.GetValue<string>().ShouldBe("""{"n":1}""");
        seen["data"]!.ToJsonString().ShouldBe("2");
    }

    /// <summary>What RocketWS says to all of an app.</summary>
    [Fact]
    public async Task NotifyAll_ReachesWebRocketClientsOfTheApp()
    {
        var server = await ServerAsync();
        var channel = $"cross-{Guid.NewGuid():N}";
        await using var rocket = await Readers["webrocket 1"].OpenAsync(server);
        await rocket.SendAsync(Subscribe(channel));
        (await rocket.ReceiveTextAsync()).ShouldNotBeNull();

        await PostAsync(server, "/rocketws", """{"jsonrpc":"2.0","id":0,"method":"notify_all","params":{"data":{"a":1}}}""");

        (await rocket.ReceiveTextAsync()).ShouldBe($$$"""{"event":"broadcast","channel":"{{{channel}}}","data":{"a":1}}""");
    }

    /// <summary>What they run against.</summary>
    private protected abstract Task<ServerUnderTest> ServerAsync();

    private static string Subscribe(string channel) => $$$"""{"subscribe":{"channel":"{{{channel}}}"}}""";

    private static string Delivery(string channel, string? name, string? data) =>
        $$"""{"event":"{{name ?? "message"}}","channel":"{{channel}}"{{(data is null ? "" : ",\"data\":" + data)}}}""";

    private static Task<WebSocketClient> OpenAsync(ServerUnderTest server, string path) => WebSocketClient.ConnectAsync(server.Socket(path, ""));

    private static async Task<WebSocketClient> AuthenticatedAsync(ServerUnderTest server, string query, string authenticate)
    {
        var client = await WebSocketClient.ConnectAsync(server.Socket(WebRocketHubs.Shared, query));
        await client.SendAsync(authenticate);
        (await client.ReceiveTextAsync()).ShouldNotBeNull().ShouldNotContain("err");
        return client;
    }

    private static async Task PostAsync(ServerUnderTest server, string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (path == "/rocketws" && server.Token is { } token)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        using var reply = await server.Http.SendAsync(request);
        (await reply.EnsureSuccessStatusCode().Content.ReadAsStringAsync()).ShouldNotContain("\"error\"");
    }

    private static bool Matches(JsonNode? actual, JsonNode? expected) => (actual, expected) switch
    {
        (_, JsonValue value) when value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() == "*" => actual is not null,
        (JsonObject one, JsonObject other) => one.Count == other.Count && other.All(member => one.ContainsKey(member.Key) && Matches(one[member.Key], member.Value)),
        _ => JsonNode.DeepEquals(actual, expected),
    };

    private sealed record Reader(
        Func<ServerUnderTest, Task<WebSocketClient>> OpenAsync, Func<string, string> Subscribe, Func<string, string?, string?, string> Expect);

    private interface ISource
    {
        bool HasNames => true;

        /// <summary>Whether it can emit such data; null is none.</summary>
        bool CanSay(string? data) => data is not null;

        Task<WebSocketClient> OpenAsync(ServerUnderTest server, string channel);

        Task EmitAsync(ServerUnderTest server, WebSocketClient client, string channel, string name, string? data);
    }

    private sealed class NativeSource : ISource
    {
        public Task<WebSocketClient> OpenAsync(ServerUnderTest server, string channel) => CrossDialect.OpenAsync(server, "/rpc");

        public async Task EmitAsync(ServerUnderTest server, WebSocketClient client, string channel, string name, string? data) =>
            (await client.CallAsync("publish", $$"""{"channel":"{{channel}}","event":"{{name}}","data":{{data}}}""")).TryGetProperty("result", out _).ShouldBeTrue();
    }

    private sealed class RocketWsSource : ISource
    {
        public bool HasNames => false;

        public bool CanSay(string? data) => data?.StartsWith('{') == true;

        public async Task<WebSocketClient> OpenAsync(ServerUnderTest server, string channel)
        {
            var client = await CrossDialect.OpenAsync(server, "/rocketws");
            await client.CallAsync("subscribe", $$"""{"channel":"{{channel}}"}""");
            return client;
        }

        public async Task EmitAsync(ServerUnderTest server, WebSocketClient client, string channel, string name, string? data) =>
            (await client.CallAsync("send_data", $$"""{"channel":"{{channel}}","data":{{data}}}""")).TryGetProperty("result", out _).ShouldBeTrue();
    }

    private sealed class WebRocket1Source : ISource
    {
        public bool CanSay(string? data) => true;

        public Task<WebSocketClient> OpenAsync(ServerUnderTest server, string channel) =>
            AuthenticatedAsync(server, "v=1", """{"auth":{"access":"read-write","secret":"rw-secret"}}""");

        public async Task EmitAsync(ServerUnderTest server, WebSocketClient client, string channel, string name, string? data)
        {
            await client.SendAsync($$"""{"publish":{{Delivery(channel, name, data)}}}""");
            (await client.ReceiveTextAsync()).ShouldBe("""{"ok":true}""");
        }
    }

    private sealed class WebRocket2Source : ISource
    {
        public bool CanSay(string? data) => true;

        public Task<WebSocketClient> OpenAsync(ServerUnderTest server, string channel) =>
            AuthenticatedAsync(server, "v=2", """{"authenticate":{"user":"wo","secret":"w"}}""");

        public async Task EmitAsync(ServerUnderTest server, WebSocketClient client, string channel, string name, string? data)
        {
            await client.SendAsync($$"""{"broadcast":{{Delivery(channel, name, data)}}}""");
            (await client.ReceiveTextAsync()).ShouldBe($$"""{"broadcasted":"{{channel}}"}""");
        }
    }

    /// <summary>The HTTP API.</summary>
    private sealed class HttpSource : ISource
    {
        public Task<WebSocketClient> OpenAsync(ServerUnderTest server, string channel) => CrossDialect.OpenAsync(server, "/rpc");

        public Task EmitAsync(ServerUnderTest server, WebSocketClient client, string channel, string name, string? data) =>
            PostAsync(server, "/api/publish", $$"""{"channel":"{{channel}}","event":"{{name}}","data":{{data}}}""");
    }

    /// <summary>RocketWS's message source.</summary>
    private sealed class RocketWsHttpSource : ISource
    {
        public bool HasNames => false;

        public bool CanSay(string? data) => data?.StartsWith('{') == true;

        public Task<WebSocketClient> OpenAsync(ServerUnderTest server, string channel) => CrossDialect.OpenAsync(server, "/rpc");

        public Task EmitAsync(ServerUnderTest server, WebSocketClient client, string channel, string name, string? data) =>
            PostAsync(server, "/rocketws", $$$"""{"jsonrpc":"2.0","id":0,"method":"emit","params":{"channel":"{{{channel}}}","data":{{{data}}}}}""");
    }
}
