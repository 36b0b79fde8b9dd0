using Broker.Node.Metrics;

namespace Broker.Node.Tests.Metrics;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Labels_OfAwkwardNamesAndValues_AreEscaped() =>
        PrometheusText.Labels([new("http.route", "/a\"b\\c\nd"), new("9", 1), new("ok", true), new("none", null)])
            .ShouldBe("""http_route="/a\"b\\c\nd",_9="1",ok="true",none="" """.TrimEnd());

    [Fact]
    public void Sample_OfEveryValue_IsWhatAScraperReads()
    {
        var text = new PrometheusText();
        text.Family("a", "gauge", "Back\\slash and\nline.");
        text.Sample("a", "", 12);
        text.Sample("a", "b=\"c\"", 0.000_05);
        text.Sample("a", "b=\"d\"", double.PositiveInfinity);
        text.Sample("a", "b=\"e\"", 1e300);

        text.ToString().ShouldBe("# HELP a Back\\\\slash and\\nline.\n# TYPE a gauge\na 12\na{b=\"c\"} 0.00005\na{b=\"d\"} +Inf\na{b=\"e\"} 1E+300\n");
        Exposition.Read(text.ToString()).Samples.Count.ShouldBe(4);
    }

    [Fact]
    public void Histogram_AddsItsBucketsUp()
    {
        var text = new PrometheusText();
        text.Family("d", "histogram", "Duration.");
        text.Histogram("d", "k=\"v\"", [0.5, 1], [2, 0, 3], 4.5);

        Exposition.Read(text.ToString()).Samples.ShouldBe(new Dictionary<string, double>
        {
            ["d_bucket{k=\"v\",le=\"0.5\"}"] = 2,
            ["d_bucket{k=\"v\",le=\"1\"}"] = 2,
            ["d_bucket{k=\"v\",le=\"+Inf\"}"] = 5,
            ["d_sum{k=\"v\"}"] = 4.5,
            ["d_count{k=\"v\"}"] = 5,
        });
    }

    [Theory]
    [InlineData("broker.outbox.size", "By", "gauge", "broker_outbox_size_bytes")]
    [InlineData("broker.emits", "{emit}", "counter", "broker_emits_total")]
    [InlineData("broker.loop.busy.time", "s", "counter", "broker_loop_busy_time_seconds_total")]
    [InlineData("http.server.request.duration", "s", "histogram", "http_server_request_duration_seconds")]
    [InlineData("a.ratio", "1", "gauge", "a_ratio")]
    [InlineData("a.share", "1", "gauge", "a_share_ratio")]
    [InlineData("a.bytes", "By", "gauge", "a_bytes")]
    [InlineData("a.total", null, "counter", "a_total")]
    [InlineData("9a-b", "", "gauge", "_9a_b")]
    [InlineData("a", "KiBy/s", "gauge", "a_KiBy_s")]
    public void Of_AName_IsAsOpenTelemetryTranslatesIt(string name, string? unit, string kind, string expected) =>
        PrometheusName.Of(name, unit, kind).ShouldBe(expected);

    [Theory]
    [InlineData("a 1\n")]
    [InlineData("# TYPE a gauge\nb 1\n")]
    [InlineData("# TYPE a gauge\na 1")]
    [InlineData("# TYPE a gauge\na x\n")]
    [InlineData("# TYPE a gauge\na{b=c} 1\n")]
    [InlineData("# TYPE a gauge\na{b=\"c\",} 1\n")]
    [InlineData("# TYPE a gauge\na 1\na 2\n")]
    [InlineData("# TYPE a gauge\n# TYPE a gauge\n")]
    [InlineData("# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n")]
    [InlineData("# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 2\n")]
    public void Read_OfWhatBreaksTheFormat_Throws(string text) =>
        Should.Throw<FormatException>(() => Exposition.Read(text));
}
