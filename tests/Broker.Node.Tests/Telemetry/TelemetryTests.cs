using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Telemetry;

public sealed class TelemetryTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Otlp_WhereItIsOn_GetsMetricsAndTheTraceOfAPublish(bool grpc)
    {
        await using var collector = await OtlpCollector.StartAsync(grpc);
        await using var node = await StartAsync(collector, ("Broker:Telemetry:Otlp:Protocol", grpc ? "grpc" : "http"));
        await using var client = await WebSocketClient.ConnectAsync(node.Socket("/rocketws"));
        await client.CallAsync("subscribe", """{"channel":"chat"}""");

        await PostAsync(node, $"00-{TraceId}-b7ad6b7169203331-01");
        var push = await client.ReceiveAsync();
        await client.CloseAsync();
        await node.StopAsync();

        // The request's own span, publish, order and deliver.
        collector.SpansOf(TraceId).ShouldBe(4);
        foreach (var span in new[] { "publish", "order", "deliver" })
        {
            collector.CountInTraces(span).ShouldBeGreaterThan(0, span);
        }

        foreach (var metric in new[] { "broker.emits", "broker.emit.duration", "dotnet.gc.collections", "http.server.request.duration" })
        {
            collector.CountInMetrics(metric).ShouldBeGreaterThan(0, metric);
        }

        collector.Authorizations.ShouldAllBe(authorization => authorization == "Bearer collector");
        push.GetRawText().ShouldNotContain(TraceId);   // subscribers see nothing of it
    }

    [Theory]
    [InlineData(null, 0, 0)]
    [InlineData($"00-{TraceId}-b7ad6b7169203331-00", 100, 0)]   // the caller does not record it
    [InlineData("no trace", 0, 0)]
    [InlineData(null, 100, 3)]                                   // begins here: request, publish, order
    public async Task Otlp_TracesWhatIsToBeRecorded(string? traceparent, int percent, int spans)
    {
        await using var collector = await OtlpCollector.StartAsync(grpc: false);
        await using var node = await StartAsync(collector, ("Broker:Telemetry:TracePercent", $"{percent}"));

        await PostAsync(node, traceparent);
        await node.StopAsync();

        collector.CountInTraces("messaging.destination.name").ShouldBe(Math.Max(spans - 1, 0));
    }

    [Fact]
    public async Task Otlp_WhenTheCollectorIsAway_DisturbsNobody()
    {
        var collector = await OtlpCollector.StartAsync(grpc: false);
        await using var node = await StartAsync(collector);
        await collector.DisposeAsync();

        await PostAsync(node, $"00-{TraceId}-b7ad6b7169203331-01");
        await node.StopAsync();
    }

    private static Task<BrokerNode> StartAsync(OtlpCollector collector, params (string Name, string Value)[] settings) => BrokerNode.StartAsync(
    [
        ("Broker:Telemetry:Otlp:Endpoint", collector.Endpoint),
        ("Broker:Telemetry:Otlp:Headers", "authorization=Bearer collector"),
        ("Broker:Telemetry:Otlp:Interval", "01:00:00"),   // once, at the end
        .. settings,
    ]);

    private static async Task PostAsync(BrokerNode node, string? traceparent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, node.Url + "/rocketws")
        {
            Content = new StringContent("""{"jsonrpc":"2.0","id":0,"method":"emit","params":{"channel":"chat","data":{"message":"hola!"}}}"""),
        };
        if (traceparent is not null)
        {
            request.Headers.Add("traceparent", traceparent);
        }

        // Not the node's own client, which would write a traceparent of its own.
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { ActivityHeadersPropagator = null });
        using var reply = await client.SendAsync(request, CancellationToken.None);
        reply.EnsureSuccessStatusCode();
    }
}
