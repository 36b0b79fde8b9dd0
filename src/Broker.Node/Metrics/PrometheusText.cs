using System.Globalization;
using System.Text;

namespace Broker.Node.Metrics;

/// <summary>
/// Writes Prometheus' text format 0.0.4.
/// <code>
/// family := "# HELP " name " " text LF "# TYPE " name " " kind LF sample*
/// sample := name ["{" label ("," label)* "}"] " " number LF          label := name "=" quoted
/// </code>
/// Labels come as text that <see cref="Labels"/> has made.
/// </summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new(16 * 1024);

    /// <summary>A label set without its braces; empty for none.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length == 0)
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (var (name, value) in tags)
        {
            text.Append(text.Length > 0 ? "," : "").Append(PrometheusName.Plain(name)).Append("=\"");
            AppendEscaped(text, Value(value), quotes: true);
            text.Append('"');
        }

        return text.ToString();
    }

    /// <summary>Begins a family; its samples follow.</summary>
    public void Family(string name, string kind, string? summary)
    {
        _text.Append("# HELP ").Append(name).Append(' ');
        AppendEscaped(_text, summary ?? "", quotes: false);
        _text.Append("\n# TYPE ").Append(name).Append(' ').Append(kind).Append('\n');
    }

    public void Sample(string name, string labels, double value)
    {
        _text.Append(name);
        if (labels.Length > 0)
        {
            _text.Append('{').Append(labels).Append('}');
        }

        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    /// <param name="bounds">Upper bounds, rising.</param>
    /// <param name="counts">By bound, and one more behind the last; not yet added up.</param>
    public void Histogram(string name, string labels, IReadOnlyList<double> bounds, ReadOnlySpan<long> counts, double sum)
    {
        var before = labels.Length > 0 ? labels + "," : "";
        var count = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            count += counts[i];
            Sample(name + "_bucket", $"{before}le=\"{(i < bounds.Count ? Number(bounds[i]) : "+Inf")}\"", count);
        }

        Sample(name + "_sum", labels, sum);
        Sample(name + "_count", labels, count);
    }

    public override string ToString() => _text.ToString();

    private static string Value(object? value) => value switch
    {
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value is > -1e15 and < 1e15 ? ((decimal)value).ToString(CultureInfo.InvariantCulture)   // without an exponent
        : value.ToString(CultureInfo.InvariantCulture);

    private static void AppendEscaped(StringBuilder text, string value, bool quotes)
    {
        foreach (var letter in value)
        {
            _ = letter switch
            {
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '"' when quotes => text.Append("\\\""),
                _ => text.Append(letter),
            };
        }
    }
}
