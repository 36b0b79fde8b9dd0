using System.Diagnostics;
using System.Globalization;

namespace Broker.ClusterBenchmarks;

/// <summary>Durations in ticks of the stopwatch, told in milliseconds.</summary>
internal static class Figures
{
    public static double Ms(long ticks) => ticks * 1_000.0 / Stopwatch.Frequency;

    /// <param name="ticks">Any order.</param>
    /// <param name="share">0.5 for the median, 1 for the worst.</param>
    public static double Percentile(IEnumerable<long> ticks, double share)
    {
        long[] sorted = [.. ticks.Order()];
        return sorted.Length == 0 ? double.NaN : Ms(sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))]);
    }

    /// <summary>In a line: the median, the 99th of a hundred, the worst.</summary>
    public static string Line(string name, IReadOnlyCollection<long> ticks, string digits = "0") => string.Create(
        CultureInfo.InvariantCulture,
        $"  {name,-54} {Percentile(ticks, 0.5).ToString(digits, CultureInfo.InvariantCulture),10} {Percentile(ticks, 0.99).ToString(digits, CultureInfo.InvariantCulture),10} {Percentile(ticks, 1).ToString(digits, CultureInfo.InvariantCulture),10} {ticks.Count,9:N0}");

    public static string Head(string what) => $"{what,-56} {"median ms",10} {"p99 ms",10} {"worst ms",10} {"of",9}";
}
