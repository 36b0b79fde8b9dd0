using System.Globalization;
using System.Text.RegularExpressions;

namespace Broker.Node.Tests.Metrics;

/// <summary>Reads Prometheus' text format 0.0.4 as strictly as a scraper may, and finds its samples.</summary>
internal sealed partial class Exposition
{
    private Exposition()
    {
    }

    /// <summary>Families with their kinds.</summary>
    public Dictionary<string, string> Kinds { get; } = new(StringComparer.Ordinal);

    /// <summary>Samples as they are written, labels and all.</summary>
    public Dictionary<string, double> Samples { get; } = new(StringComparer.Ordinal);

    /// <summary>The value of one sample.</summary>
    public double this[string sample] => Samples[sample];

    /// <exception cref="FormatException">A line breaks the format.</exception>
    public static Exposition Read(string text)
    {
        if (!text.EndsWith('\n'))
        {
            throw new FormatException("The last line has no end.");
        }

        var exposition = new Exposition();
        string? family = null;
        foreach (var line in text[..^1].Split('\n'))
        {
            if (Help().IsMatch(line))
            {
                family = null;
            }
            else if (Type().Match(line) is { Success: true } type)
            {
                family = type.Groups["name"].Value;
                if (!exposition.Kinds.TryAdd(family, type.Groups["kind"].Value))
                {
                    throw new FormatException($"{family} is there twice.");
                }
            }
            else
            {
                exposition.ReadSample(line, family);
            }
        }

        exposition.CheckHistograms();
        return exposition;
    }

    private void ReadSample(string line, string? family)
    {
        if (Sample().Match(line) is not { Success: true } sample || !IsNumber(sample.Groups["value"].Value, out var value))
        {
            throw new FormatException($"No sample: {line}");
        }

        var name = sample.Groups["name"].Value;
        if (family is null || (name != family && !(Kinds[family] == "histogram" && Suffix().Replace(name, "") == family)))
        {
            throw new FormatException($"{name} is not of the family {family}.");
        }

        if (!Samples.TryAdd(name + sample.Groups["labels"].Value, value))
        {
            throw new FormatException($"A sample is there twice: {line}");
        }
    }

    private void CheckHistograms()
    {
        foreach (var (name, _) in Kinds.Where(kind => kind.Value == "histogram"))
        {
            var series = Samples.Where(sample => sample.Key.StartsWith(name + "_bucket", StringComparison.Ordinal))
                .GroupBy(sample => Le().Replace(sample.Key, "").Replace("{}", "", StringComparison.Ordinal).Replace("_bucket", "_count", StringComparison.Ordinal));
            foreach (var buckets in series)
            {
                if (!buckets.Last().Key.Contains("le=\"+Inf\"", StringComparison.Ordinal) || buckets.Last().Value != Samples[buckets.Key])
                {
                    throw new FormatException($"{buckets.Key} is not what its last bucket says.");
                }

                if (!buckets.Select(bucket => bucket.Value).SequenceEqual(buckets.Select(bucket => bucket.Value).Order()))
                {
                    throw new FormatException($"{buckets.Key} has buckets that fall.");
                }

                _ = Samples[buckets.Key.Replace("_count", "_sum", StringComparison.Ordinal)];
            }
        }
    }

    private static bool IsNumber(string text, out double value)
    {
        value = text == "+Inf" ? double.PositiveInfinity : double.NaN;
        return text is "+Inf" or "-Inf" or "NaN" || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    [GeneratedRegex(@"^# HELP [a-zA-Z_:][a-zA-Z0-9_:]* ([^\\]|\\\\|\\n)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Help();

    [GeneratedRegex(@"^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<kind>counter|gauge|histogram|summary|untyped)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Type();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\\\|\\"|\\n)*"(,(?!\})|(?=\})))+\})? (?<value>\S+)$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sample();

    [GeneratedRegex("_(bucket|sum|count)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Suffix();

    [GeneratedRegex(""",?le="[^"]*"$|,?le="[^"]*"(?=\})""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Le();
}
