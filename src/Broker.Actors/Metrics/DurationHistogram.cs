using System.Diagnostics.Metrics;

namespace Broker.Actors.Metrics;

/// <summary>
/// How long something took on one loop, counted by fixed bounds. Only the loop writes, with plain additions; anybody may
/// read, and may see the latest a moment late.
/// </summary>
public sealed class DurationHistogram
{
    private readonly long[] _bounds;   // in the clock's ticks
    private readonly long[] _counts;
    private readonly double _secondsPerTick;
    private long _sum;

    /// <param name="frequency">Ticks of the clock in a second.</param>
    public DurationHistogram(long frequency)
    {
        _secondsPerTick = 1.0 / frequency;
        _bounds = [.. Bounds.Select(seconds => (long)(seconds * frequency))];
        _counts = new long[_bounds.Length + 1];
    }

    /// <summary>Upper bounds in seconds, each one included; what is longer than the last is counted behind it.</summary>
    public static IReadOnlyList<double> Bounds { get; } =
        [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>
    /// Gets every duration too while somebody listens to it: what is behind one (an exporter) costs the loop its time then.
    /// Set before the loop starts.
    /// </summary>
    public Histogram<double>? Instrument { get; set; }

    /// <param name="elapsed">In the clock's ticks.</param>
    /// <param name="count">How many took that long.</param>
    public void Record(long elapsed, long count)
    {
        var bucket = 0;
        while (bucket < _bounds.Length && elapsed > _bounds[bucket])
        {
            bucket++;
        }

        _counts[bucket] += count;
        _sum += elapsed * count;
        if (Instrument is { Enabled: true } instrument)
        {
            for (var i = 0; i < count; i++)
            {
                instrument.Record(elapsed * _secondsPerTick);
            }
        }
    }

    /// <summary>Adds what was counted so far.</summary>
    /// <param name="counts">By bound, and one more behind the last.</param>
    /// <returns>The sum of the durations, in seconds.</returns>
    public double AddTo(Span<long> counts)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            counts[i] += Volatile.Read(ref _counts[i]);
        }

        return Volatile.Read(ref _sum) * _secondsPerTick;
    }
}
