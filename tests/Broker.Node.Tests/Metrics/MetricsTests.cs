using System.Net;
using System.Net.Http.Headers;
using Broker.Node.Metrics;
using Broker.Node.Tests.Connections;
using Broker.Node.Tests.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.Metrics;

public sealed class MetricsTests
{
    private const string Token = "a token of 16 characters";

    /// <summary>Few values each, and none that a client chooses: what a node tells does not grow with its users.</summary>
    private static readonly string[] Labels = ["code", "dialect", "file", "limit", "loop", "reason", "status", "version", "way"];

    [Theory]
    [InlineData(WayIn.Fast, "fast")]
    [InlineData(WayIn.Pipe, "pipe")]
    [InlineData(WayIn.Upgrade, "upgrade")]
    public async Task Scrape_AfterSomeTraffic_TellsOfIt(WayIn way, string label)
    {
        await using var node = await WaysIn.StartAsync(way);
        await using var ann = await node.ConnectAsync(way, "/rpc");
        await using var bob = await node.ConnectAsync(way, "/rpc");
        await ann.CallAsync("subscribe", """{"channel":"room"}""");
        await bob.CallAsync("subscribe", """{"channel":"room"}""");
        await ann.CallAsync("publish", """{"channel":"room","event":"said","data":1}""");
        await bob.ReceiveAsync();
        await ann.CallAsync("publish", $$"""{"channel":"{{new string('x', 300)}}","event":"said","data":1}""");

        var metrics = await ScrapeAsync(node);

        metrics[$"broker_sessions{{dialect=\"native\",way=\"{label}\"}}"].ShouldBe(2);
        metrics[$"broker_sessions_opened_total{{dialect=\"native\",way=\"{label}\"}}"].ShouldBe(2);
        metrics["broker_subscriptions"].ShouldBe(2);
        metrics["broker_channels"].ShouldBe(1);
        metrics["broker_rooms"].ShouldBe(1);
        metrics["broker_shards_owned"].ShouldBe(256);
        metrics["broker_messages_received_total"].ShouldBe(4);
        metrics["broker_emits_total"].ShouldBe(1);
        metrics["broker_deliveries_total"].ShouldBe(2);
        metrics["broker_emits_refused_total{reason=\"InvalidChannel\"}"].ShouldBe(1);
        metrics["broker_delivery_duration_seconds_count"].ShouldBeGreaterThanOrEqualTo(1);
        metrics["broker_emit_duration_seconds_count"].ShouldBe(1);
        metrics["broker_history_size_bytes"].ShouldBeGreaterThan(0);
        metrics["broker_loop_busy_time_seconds_total{loop=\"0\"}"].ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Scrape_AfterSessionsEnded_SaysHow()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Limits:FrameBytes", "1024"));
        await using var polite = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        await using var rude = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        await polite.CloseAsync();
        await rude.SendAsync(new string(' ', 2_000));
        await rude.WaitForCloseAsync();
        await using (var probe = await WebSocketClient.ConnectAsync(node.Socket("/rpc")))
        {
            await probe.CallAsync("ping");
        }

        var metrics = await ScrapeUntilAsync(node, metrics => metrics.Samples.GetValueOrDefault("broker_sessions_closed_total{code=\"1009\"}") == 1);

        metrics["broker_sessions_closed_total{code=\"1000\"}"].ShouldBe(1);
    }

    [Fact]
    public async Task Scrape_AfterRefusedHandshakes_CountsThemByStatus()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Limits:Sessions", "1"));
        await using var first = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        await Should.ThrowAsync<WebSocketException>(() => WebSocketClient.ConnectAsync(node.Socket("/rpc")));

        var metrics = await ScrapeAsync(node);
        metrics["broker_handshakes_refused_total{status=\"503\"}"].ShouldBe(1);
        metrics["broker_limits_met_total{limit=\"NodeSessions\"}"].ShouldBe(1);
    }

    [Fact]
    public async Task Scrape_OfAFreshNode_NamesEveryMetricOfTheCatalogue()
    {
        await using var node = await BrokerNode.StartAsync();
        await node.Http.GetAsync("/health/ready");
        var metrics = await ScrapeAsync(node);
        var rare = new[] { "broker.emits.refused", "broker.handshakes.refused", "broker.limits.met", "broker.certificate.remaining" };   // without a sample until there is one

        // What only a node in a cluster has: ClusterMetricsTests; or one that takes messages over AMQP: AmqpSourceTests.
        static bool IsOfCluster(Metric metric) => metric.Name.StartsWith("broker.amqp.", StringComparison.Ordinal) || ClusterMetricsTests.Prefixes.Any(prefix => metric.Name.StartsWith(prefix, StringComparison.Ordinal)) && metric.Name != "broker.bus.stale";

        foreach (var metric in Catalogue(node).Where(metric => !rare.Contains(metric.Name) && !IsOfCluster(metric)))
        {
            metrics.Kinds.ShouldContainKeyAndValue(PrometheusName.Of(metric.Name, metric.Unit, metric.Kind), metric.Kind);
        }
    }

    [Fact]
    public async Task Scrape_OfAFreshNode_TellsOfTheRuntimeAndTheHttpServer()
    {
        await using var node = await BrokerNode.StartAsync();
        await node.Http.GetAsync("/health/live");
        await node.Http.GetAsync("/no-such-path-1");
        await node.Http.GetAsync("/no-such-path-2");

        var metrics = await ScrapeAsync(node);

        metrics.Kinds.ShouldContainKeyAndValue("dotnet_process_memory_working_set_bytes", "gauge");
        metrics.Kinds.ShouldContainKeyAndValue("dotnet_gc_collections_total", "counter");
        metrics.Kinds.ShouldContainKeyAndValue("http_server_request_duration_seconds", "histogram");
        metrics.Samples.Keys.ShouldContain(sample => sample.Contains("/health/live", StringComparison.Ordinal));
        metrics.Samples.Keys.ShouldNotContain(sample => sample.Contains("no-such-path", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Scrape_WhileALoopIsStuck_ShowsIt()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Loops", "2"));
        using var release = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        var loop = node.Services.GetRequiredService<Broker.Actors.LocalNode>().Loops[1];
        var stuck = Broker.Actors.Loops.LoopCall.RunAsync(loop, () =>
        {
            entered.Set();
            release.Wait();
        });
        entered.Wait();

        var metrics = await ScrapeAsync(node);

        metrics["broker_loop_tick_age_seconds{loop=\"1\"}"].ShouldBeGreaterThan(0);
        release.Set();
        await stuck;
    }

    [Fact]
    public async Task Scrape_WithOtherNodesInTheProcess_TellsOfItsOwn()
    {
        await using var one = await BrokerNode.StartAsync();
        await using var other = await BrokerNode.StartAsync();
        await using var client = await WebSocketClient.ConnectAsync(other.Socket("/rpc"));

        (await ScrapeAsync(one)).Samples.ShouldNotContainKey("broker_sessions{dialect=\"native\",way=\"fast\"}");
        (await ScrapeAsync(other))["broker_sessions{dialect=\"native\",way=\"fast\"}"].ShouldBe(1);
    }

    [Fact]
    public async Task Catalogue_HasNoLabelThatGrowsWithUsers()
    {
        await using var node = await BrokerNode.StartAsync();

        Catalogue(node).SelectMany(metric => metric.Labels).Distinct().Order().ShouldBe(Labels);
    }

    [Theory]
    [InlineData(null, null, null, false, HttpStatusCode.OK)]                       // loopback
    [InlineData(null, null, null, true, HttpStatusCode.Unauthorized)]              // behind a proxy
    [InlineData(null, Token, null, false, HttpStatusCode.Unauthorized)]            // a token of its own ends the exemption
    [InlineData(null, Token, Token, false, HttpStatusCode.OK)]
    [InlineData(null, Token, "another token of that length", false, HttpStatusCode.Unauthorized)]
    [InlineData(null, "sha256:0000000000000000000000000000000000000000000000000000000000000000", Token, false, HttpStatusCode.Unauthorized)]
    [InlineData("an admin's token, long", null, "an admin's token, long", true, HttpStatusCode.OK)]
    [InlineData("an admin's token, long", Token, "an admin's token, long", true, HttpStatusCode.OK)]
    public async Task Metrics_AreFor(string? admin, string? token, string? given, bool throughProxy, HttpStatusCode status)
    {
        await using var node = await BrokerNode.StartAsync(
            [.. Setting("Broker:Admin:Token", admin), .. Setting("Broker:Metrics:Token", token)]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Authorization = given is null ? null : new AuthenticationHeaderValue("Bearer", given);
        if (throughProxy)
        {
            request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        }

        using var reply = await node.Http.SendAsync(request);

        reply.StatusCode.ShouldBe(status);
        (await reply.Content.ReadAsStringAsync()).Contains("broker_sessions", StringComparison.Ordinal).ShouldBe(status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Metrics_WhereSettingsOpenThem_AreForEverybody()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Metrics:Open", "true"), ("Broker:Metrics:Token", Token));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");

        (await node.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static IEnumerable<(string, string)> Setting(string name, string? value) => value is null ? [] : [(name, value)];

    private static IReadOnlyList<Metric> Catalogue(BrokerNode node) => node.Services.GetRequiredService<BrokerMeter>().Metrics;

    private static async Task<Exposition> ScrapeAsync(BrokerNode node)
    {
        using var reply = await node.Http.GetAsync("/metrics");
        reply.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        return Exposition.Read(await reply.Content.ReadAsStringAsync());
    }

    /// <summary>A session's end reaches its loop a moment after the client has seen it.</summary>
    private static async Task<Exposition> ScrapeUntilAsync(BrokerNode node, Func<Exposition, bool> isThere)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            if (await ScrapeAsync(node) is var metrics && isThere(metrics))
            {
                return metrics;
            }
        }
    }
}
