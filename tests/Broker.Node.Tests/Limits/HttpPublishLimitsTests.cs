using System.Net;
using System.Text;
using System.Text.Json;
using Broker.Actors;
using Broker.Messages;
using Broker.Node.Tests.Nodes;
using Broker.TestKit.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.Limits;

/// <summary>How fast those may publish who have no session, behind a proxy that tells their addresses.</summary>
public sealed class HttpPublishLimitsTests
{
    private const string Secret = "the app default's secret of 32 bytes";
    private const string ApiKey = "the-app-default's-api-key";
    private const string OtherApiKey = "the-app-shop's-api-key";
    private const string SourceToken = "the-source's-token";
    private const string Event = """{"channel":"c","data":1}""";

    private static readonly (string, string)[] Nobody = [];
    private static readonly (string, string)[] Backend = [("X-API-Key", ApiKey)];

    [Fact]
    public async Task Address_FasterThanItMay_Is429WhoeverPublishesThere()
    {
        await using var node = await StartAsync(("Broker:Limits:HttpPublishesPerSecondPerAddress", "1"));

        foreach (var headers in new[] { Nobody, Backend, User("ann") })
        {
            using var refused = await RefusedAsync(node, "192.0.2.1", headers);
            refused.Headers.RetryAfter!.ToString().ShouldBe("1");
            Code(await refused.Content.ReadAsStringAsync()).ShouldBe("too_many_requests");
        }

        (await SourceErrorAsync(node, "192.0.2.1", "emit")).ShouldContain("publishes faster than it may");
        (await SourceErrorAsync(node, "192.0.2.1", "notify_all")).ShouldContain("publishes faster than it may");
        Counted(node, Limit.AddressPublishes).ShouldBe(5);
        node.Services.GetRequiredService<LocalNode>().Counters.EmitsRefused[Refusal.TooManyPublishes].ShouldBe(5);
        await ShouldBeTakenAsync(node, "192.0.2.2", Nobody);
    }

    [Fact]
    public async Task Address_OfABlock_CountsAsTheBlock()
    {
        await using var node = await StartAsync(("Broker:Limits:HttpPublishesPerSecondPerAddress", "1"));

        (await RefusedAsync(node, n => $"2001:db8:0:1::{n:x}", Nobody)).Dispose();

        Counted(node, Limit.AddressPublishes).ShouldBe(1);
        await ShouldBeTakenAsync(node, "2001:db8:0:2::1", Nobody);
    }

    [Fact]
    public async Task Backends_OfAnAppFasterThanTheyMay_AreRefusedWhereverTheyAre()
    {
        await using var node = await StartAsync(("Broker:Apps:0:BackendPublishesPerSecond", "1"), ("Broker:Limits:PublishesPerSecond", "1"));

        (await RefusedAsync(node, n => $"192.0.2.{n % 250}", Backend)).Dispose();
        (await SourceErrorAsync(node, "198.51.100.1", "emit")).ShouldContain("publishes faster than it may");

        Counted(node, Limit.AppPublishes).ShouldBe(2);
        await ShouldBeTakenAsync(node, "192.0.2.1", User("ann"));
        for (var n = 0; n < 3; n++)
        {
            await ShouldBeTakenAsync(node, "192.0.2.1", [("X-API-Key", OtherApiKey)], "shop");
        }
    }

    [Fact]
    public async Task Client_FasterThanASessionMay_IsRefusedAsOneUserOrOneAddress()
    {
        await using var node = await StartAsync(("Broker:Limits:PublishesPerSecond", "1"));

        (await RefusedAsync(node, n => $"192.0.2.{n % 250}", User("ann"))).Dispose();
        (await RefusedAsync(node, "192.0.2.1", Nobody)).Dispose();

        Counted(node, Limit.PublishesPerSecond).ShouldBe(2);
        await ShouldBeTakenAsync(node, "192.0.2.1", User("bob"));
        await ShouldBeTakenAsync(node, "192.0.2.2", Nobody);
        for (var n = 0; n < 3; n++)
        {
            await ShouldBeTakenAsync(node, "192.0.2.1", Backend);
        }
    }

    [Fact]
    public async Task Batch_WithMoreThanASecondHasRoomFor_SaysForEachWhetherItWasDone()
    {
        await using var node = await StartAsync(("Broker:Apps:0:BackendPublishesPerSecond", "2"));
        var channels = string.Join(',', Enumerable.Range(0, 500).Select(n => $"\"c{n}\""));

        using var reply = await SendAsync(node, "192.0.2.1", Backend, body: $$"""{"channels":[{{channels}}],"data":1}""");

        reply.StatusCode.ShouldBe(HttpStatusCode.OK);
        var results = JsonDocument.Parse(await reply.Content.ReadAsStringAsync()).RootElement.GetProperty("results").EnumerateArray().ToArray();
        results.Take(2).ShouldAllBe(entry => entry.GetProperty("offset").GetInt32() == 1);
        var refused = results.Where(entry => entry.TryGetProperty("error", out _)).ToArray();
        refused.Length.ShouldBeGreaterThan(0);
        refused.ShouldAllBe(entry => Code(entry.GetProperty("error").GetRawText()) == "too_many_requests");
        Counted(node, Limit.AppPublishes).ShouldBe(refused.Length);
    }

    private static Task<BrokerNode> StartAsync(params (string, string)[] settings) => BrokerNode.StartAsync(
    [
        ("Broker:TrustedProxies:0", "127.0.0.1"),
        ("Broker:Apps:0:Id", "default"),
        ("Broker:Apps:0:ApiKeys:0", ApiKey),
        ("Broker:Apps:0:Tokens:0:Key", Secret),
        ("Broker:Apps:1:Id", "shop"),
        ("Broker:Apps:1:ApiKeys:0", OtherApiKey),
        ("Broker:Namespaces:0:Pattern", "*"),
        ("Broker:Namespaces:0:Publish", "Anonymous"),
        ("Broker:RocketWs:SourceToken", SourceToken),
        .. settings,
    ]);

    private static (string, string)[] User(string name) => [("Authorization", $"Bearer {Jwt.HS256(Secret, Jwt.Claims($"\"sub\":\"{name}\""))}")];

    private static Task<HttpResponseMessage> RefusedAsync(BrokerNode node, string address, (string, string)[] headers) => RefusedAsync(node, _ => address, headers);

    /// <summary>Publishes until that is refused.</summary>
    private static async Task<HttpResponseMessage> RefusedAsync(BrokerNode node, Func<int, string> address, (string, string)[] headers)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var n = 1; ; n++)
        {
            patience.IsCancellationRequested.ShouldBeFalse("Nothing is refused.");
            var reply = await SendAsync(node, address(n), headers);
            if (reply.StatusCode == HttpStatusCode.TooManyRequests)
            {
                return reply;
            }

            reply.StatusCode.ShouldBe(HttpStatusCode.OK);
            reply.Dispose();
        }
    }

    private static async Task ShouldBeTakenAsync(BrokerNode node, string address, (string, string)[] headers, string app = "default")
    {
        using var reply = await SendAsync(node, address, headers, app);
        reply.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static Task<HttpResponseMessage> SendAsync(
        BrokerNode node, string address, (string, string)[] headers, string app = "default", string body = Event) =>
        node.SendApiAsync($"publish?app={app}", body, [("X-Forwarded-For", address), .. headers]);

    /// <summary>Has RocketWS's message source do something until it is refused; returns the error.</summary>
    private static async Task<string> SourceErrorAsync(BrokerNode node, string address, string method)
    {
        var parameters = method == "emit" ? """{"channel":"c","data":{}}""" : """{"data":{}}""";
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            patience.IsCancellationRequested.ShouldBeFalse("Nothing is refused.");
            using var request = new HttpRequestMessage(HttpMethod.Post, "/rocketws")
            {
                Content = new StringContent($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}} }""", Encoding.UTF8, "application/json"),
                Headers = { { "X-Forwarded-For", address }, { "X-API-Key", SourceToken } },
            };
            using var reply = await node.Http.SendAsync(request);
            var answer = JsonDocument.Parse(await reply.Content.ReadAsStringAsync()).RootElement;
            if (answer.TryGetProperty("error", out var error))
            {
                return error.GetRawText();
            }
        }
    }

    private static string? Code(string problem) => JsonDocument.Parse(problem).RootElement.GetProperty("code").GetString();

    private static long Counted(BrokerNode node, Limit limit) => node.Services.GetRequiredService<LocalNode>().Counters.Limits[limit];
}
