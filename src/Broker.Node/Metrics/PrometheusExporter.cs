using System.Diagnostics.Metrics;
using Broker.Actors.Metrics;

namespace Broker.Node.Metrics;

/// <summary>
/// What <c>/metrics</c> says: the node's own metrics, those of .NET's runtime, and those of the HTTP server that tell of its
/// work. Listens from its making on; scrapes come one at a time.
/// </summary>
internal sealed class PrometheusExporter : IDisposable
{
    /// <summary>Meters of the framework; of the HTTP server's instruments those whose labels are few.</summary>
    private static readonly Dictionary<string, string[]> Others = new(StringComparer.Ordinal)
    {
        ["System.Runtime"] = [],
        ["Microsoft.AspNetCore.Hosting"] = ["http.server.request.duration", "http.server.active_requests"],
        ["Microsoft.AspNetCore.Server.Kestrel"] =
        [
            "kestrel.active_connections", "kestrel.rejected_connections", "kestrel.queued_connections",
            "kestrel.active_tls_handshakes", "kestrel.tls_handshake.duration",
        ],
    };

    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, InstrumentSeries> _instruments = new(StringComparer.Ordinal);
    private readonly BrokerMeter _broker;
    private readonly IMeterFactory _factory;

    public PrometheusExporter(BrokerMeter broker, IMeterFactory factory)
    {
        _broker = broker;
        _factory = factory;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (IsWanted(instrument))
            {
                listener.EnableMeasurementEvents(instrument, Keep(instrument));
            }
        };
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, series) => Take(series, value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, series) => Take(series, value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, series) => Take(series, value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, series) => Take(series, value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, series) => Take(series, value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, series) => Take(series, value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, series) => Take(series, (double)value, tags));
        _listener.Start();
    }

    /// <summary>Everything, as of now, in Prometheus' text format.</summary>
    public string Scrape()
    {
        var text = new PrometheusText();
        lock (_gate)
        {
            foreach (var series in _instruments.Values)
            {
                series.BeginObservation();
            }

            _listener.RecordObservableInstruments();
            foreach (var series in _instruments.Values)
            {
                series.WriteTo(text);
            }
        }

        foreach (var histogram in _broker.Metrics.OfType<Metric.Histogram>())
        {
            var name = PrometheusName.Of(histogram.Name, histogram.Unit, histogram.Kind);
            var (counts, sum) = histogram.Read();
            text.Family(name, histogram.Kind, histogram.Summary);
            text.Histogram(name, labels: "", DurationHistogram.Bounds, counts, sum);
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private static void Take(object? series, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((InstrumentSeries)series!).Take(value, tags);

    private bool IsWanted(Instrument instrument)
    {
        // Several nodes can live in one process.
        if (instrument.Meter.Scope is { } scope && !ReferenceEquals(scope, _factory))
        {
            return false;
        }

        // Histograms of our own are read where they are kept, so that loops need not tell anybody of every event.
        return instrument.Meter == _broker.Meter
            ? instrument is not Histogram<double>
            : Others.TryGetValue(instrument.Meter.Name, out var names) && (names.Length == 0 || names.Contains(instrument.Name, StringComparer.Ordinal));
    }

    private InstrumentSeries Keep(Instrument instrument)
    {
        var series = new InstrumentSeries(instrument);
        lock (_gate)
        {
            return _instruments[series.Name] = series;
        }
    }
}
