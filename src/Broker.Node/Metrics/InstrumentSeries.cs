using System.Diagnostics.Metrics;

namespace Broker.Node.Metrics;

/// <summary>What one instrument of the framework's has said so far, by its labels. From any thread; not for what loops do.</summary>
internal sealed class InstrumentSeries
{
    /// <summary>Label sets of one instrument; what has others is counted together, as OpenTelemetry does it.</summary>
    private const int MaxSeries = 1_000;

    private const string Overflow = "otel_metric_overflow=\"true\"";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly Instrument _instrument;
    private readonly IReadOnlyList<double> _bounds;
    private readonly string _kind;
    private readonly bool _adds;

    public InstrumentSeries(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        _instrument = instrument;
        _kind = type == typeof(Histogram<>) ? "histogram"
            : type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? "counter"
            : "gauge";
        _adds = type == typeof(Counter<>) || type == typeof(UpDownCounter<>);
        _bounds = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? [];
        Name = PrometheusName.Of(instrument.Name, instrument.Unit, _kind);
    }

    /// <summary>As Prometheus has it.</summary>
    public string Name { get; }

    public void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = PrometheusText.Labels(tags);
        lock (_gate)
        {
            var series = SeriesOf(labels);
            if (_kind == "histogram")
            {
                var bucket = 0;
                while (bucket < _bounds.Count && value > _bounds[bucket])
                {
                    bucket++;
                }

                series.Counts[bucket]++;
                series.Value += value;
            }
            else
            {
                series.Value = _adds ? series.Value + value : value;
            }
        }
    }

    /// <summary>An observable instrument is about to be asked: what it does not name any more is gone.</summary>
    public void BeginObservation()
    {
        if (_instrument.IsObservable)
        {
            lock (_gate)
            {
                _series.Clear();
            }
        }
    }

    public void WriteTo(PrometheusText text)
    {
        lock (_gate)
        {
            if (_series.Count == 0)
            {
                return;
            }

            text.Family(Name, _kind, _instrument.Description);
            foreach (var (labels, series) in _series)
            {
                if (_kind == "histogram")
                {
                    text.Histogram(Name, labels, _bounds, series.Counts, series.Value);
                }
                else
                {
                    text.Sample(Name, labels, series.Value);
                }
            }
        }
    }

    private Series SeriesOf(string labels)
    {
        if (_series.TryGetValue(labels, out var series))
        {
            return series;
        }

        var key = _series.Count < MaxSeries ? labels : Overflow;
        if (!_series.TryGetValue(key, out series))
        {
            _series.Add(key, series = new Series(_bounds.Count + 1));
        }

        return series;
    }

    /// <param name="buckets">Used by histograms only.</param>
    private sealed class Series(int buckets)
    {
        /// <summary>Of a histogram the sum.</summary>
        public double Value { get; set; }

        public long[] Counts { get; } = new long[buckets];
    }
}
