using System.Diagnostics.Metrics;
using Broker.Actors.Loops;
using Broker.Actors.Metrics;

namespace Broker.Node.Metrics;

/// <summary>One metric of the broker's own: its line in docs/metrics.md, and its instrument.</summary>
/// <param name="Name">As OpenTelemetry writes it: lower case, parts separated by dots.</param>
/// <param name="Kind">counter, gauge or histogram.</param>
/// <param name="Unit">In UCUM: <c>s</c>, <c>By</c>, or what is counted, in braces.</param>
/// <param name="Labels">Names of its labels. Each has few values: never a channel, a user or an address.</param>
/// <param name="Summary">What it says, in a sentence.</param>
internal abstract record Metric(string Name, string Kind, string Unit, string Summary, IReadOnlyList<string> Labels)
{
    /// <summary>Something that happens.</summary>
    public static Metric Counter(string name, string unit, string summary, Func<long> read) =>
        new Observed(name, "counter", unit, summary, [], meter => meter.CreateObservableCounter(name, read, unit, summary));

    /// <inheritdoc cref="Counter(string, string, string, Func{long})"/>
    public static Metric Counter(string name, string unit, string summary, string[] labels, Func<IEnumerable<Measurement<long>>> read) =>
        new Observed(name, "counter", unit, summary, labels, meter => meter.CreateObservableCounter(name, read, unit, summary));

    /// <summary>Time spent, in seconds.</summary>
    public static Metric Time(string name, string summary, string[] labels, Func<IEnumerable<Measurement<double>>> read) =>
        new Observed(name, "counter", "s", summary, labels, meter => meter.CreateObservableCounter(name, read, "s", summary));

    /// <summary>How much there is of something.</summary>
    public static Metric Gauge(string name, string unit, string summary, Func<long> read) =>
        new Observed(name, "gauge", unit, summary, [], meter => meter.CreateObservableUpDownCounter(name, read, unit, summary));

    /// <inheritdoc cref="Gauge(string, string, string, Func{long})"/>
    public static Metric Gauge(string name, string unit, string summary, string[] labels, Func<IEnumerable<Measurement<long>>> read) =>
        new Observed(name, "gauge", unit, summary, labels, meter => meter.CreateObservableUpDownCounter(name, read, unit, summary));

    /// <summary>How long something lasts already, or will last yet, in seconds.</summary>
    public static Metric Age(string name, string summary, string[] labels, Func<IEnumerable<Measurement<double>>> read) =>
        new Observed(name, "gauge", "s", summary, labels, meter => meter.CreateObservableGauge(name, read, "s", summary));

    /// <summary>How long something takes, in seconds; counted by each loop.</summary>
    public static Metric Durations(string name, string summary, LoopGroup loops, Func<LoopTally, DurationHistogram> of) =>
        Durations(name, summary, [.. loops.All.Select(loop => of(loop.Tally))]);

    /// <summary>How long something takes, in seconds; counted in several places, or in none.</summary>
    public static Metric Durations(string name, string summary, IReadOnlyList<DurationHistogram> parts) => new Histogram(name, summary, parts);

    /// <summary>Makes the instrument.</summary>
    public abstract void AddTo(Meter meter);

    /// <summary>Read when somebody asks; nothing happens on the loops.</summary>
    private sealed record Observed(string Name, string Kind, string Unit, string Summary, IReadOnlyList<string> Labels, Action<Meter> Create)
        : Metric(Name, Kind, Unit, Summary, Labels)
    {
        public override void AddTo(Meter meter) => Create(meter);
    }

    /// <summary>Counted by fixed bounds, most by the loops, which no instrument can be told: <c>/metrics</c> reads it here, others its instrument.</summary>
    internal sealed record Histogram(string Name, string Summary, IReadOnlyList<DurationHistogram> Parts)
        : Metric(Name, "histogram", "s", Summary, [])
    {
        public override void AddTo(Meter meter)
        {
            var instrument = meter.CreateHistogram(
                Name, Unit, Summary, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationHistogram.Bounds });
            foreach (var histogram in Parts)
            {
                histogram.Instrument = instrument;
            }
        }

        /// <summary>Sums the parts.</summary>
        /// <returns>Counts by bound, one more behind the last, and the sum in seconds.</returns>
        public (long[] Counts, double Sum) Read()
        {
            var counts = new long[DurationHistogram.Bounds.Count + 1];
            return (counts, Parts.Sum(histogram => histogram.AddTo(counts)));
        }
    }
}
