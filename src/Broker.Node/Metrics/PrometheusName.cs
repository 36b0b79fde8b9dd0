using System.Text;

namespace Broker.Node.Metrics;

/// <summary>
/// OpenTelemetry's names as Prometheus has them: <c>broker.outbox.size</c> in <c>By</c> becomes <c>broker_outbox_size_bytes</c>.
/// <see href="https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/"/>
/// </summary>
internal static class PrometheusName
{
    public static string Of(string name, string? unit, string kind)
    {
        var text = Plain(name);
        if (UnitName(unit, kind) is { Length: > 0 } suffix && !text.EndsWith("_" + suffix, StringComparison.Ordinal))
        {
            text += "_" + suffix;
        }

        return kind == "counter" && !text.EndsWith("_total", StringComparison.Ordinal) ? text + "_total" : text;
    }

    /// <summary>A name of letters, digits and underscores that does not begin with a digit.</summary>
    public static string Plain(string name)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var letter in name)
        {
            if (text.Length == 0 && char.IsAsciiDigit(letter))
            {
                text.Append('_');
            }

            text.Append(char.IsAsciiLetterOrDigit(letter) ? letter : '_');
        }

        return text.ToString();
    }

    private static string UnitName(string? unit, string kind) => unit switch
    {
        null or "" => "",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "%" => "percent",
        "1" => kind == "gauge" ? "ratio" : "",
        ['{', ..] => "",   // what is counted is in the name already
        _ => Plain(unit),
    };
}
