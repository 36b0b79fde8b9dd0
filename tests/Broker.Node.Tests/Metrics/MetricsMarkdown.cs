using System.Text;
using Broker.Node.Metrics;

namespace Broker.Node.Tests.Metrics;

/// <summary>Writes the table of docs/metrics.md from the catalogue, so that it cannot say anything else.</summary>
internal static class MetricsMarkdown
{
    public const string Begin = "<!-- Made from NodeMetrics by a test of Broker.Node.Tests; edit its summaries, not this table. -->\n";
    public const string End = "<!-- End of the table. -->\n";

    /// <summary>The page with the table as it should be.</summary>
    public static string Update(string page, IEnumerable<Metric> metrics)
    {
        var begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = page.IndexOf(End, StringComparison.Ordinal);
        return page[..begin] + Table(metrics) + page[end..];
    }

    private static string Table(IEnumerable<Metric> metrics)
    {
        var table = new StringBuilder("\n| OpenTelemetry | Prometheus | kind | unit | labels | meaning |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var metric in metrics)
        {
            table.Append("| `").Append(metric.Name).Append("` | `").Append(PrometheusName.Of(metric.Name, metric.Unit, metric.Kind)).Append("` | ")
                .Append(metric.Kind).Append(" | ").Append(metric.Unit.Trim('{', '}')).Append(" | ")
                .Append(string.Join(", ", metric.Labels.Select(label => $"`{label}`"))).Append(metric.Labels.Count > 0 ? " | " : "| ")
                .Append(metric.Summary).Append(" |\n");
        }

        return table.Append('\n').ToString();
    }
}
