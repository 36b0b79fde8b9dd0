using Broker.Actors;
using Broker.Actors.Tracing;
using Broker.Node.Hosting;
using Broker.Node.Metrics;
using Broker.Node.Settings;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Broker.Node.Telemetry;

/// <summary>
/// Makes the node's instruments before anything happens that they tell of, and sends metrics and traces to a collector
/// where the settings name one. Without one nothing of OpenTelemetry runs, and no trace is begun.
/// </summary>
internal sealed class TelemetryLifetime(BrokerOptions options, LocalNode node, IServiceProvider services) : IHostedLifecycleService, IDisposable
{
    /// <summary>For the last metrics and traces, when the node stops: a collector that is away must not hold it up.</summary>
    private const int LastWordsMs = 2_000;

    private MeterProvider? _metrics;
    private TracerProvider? _traces;

    private OtlpOptions Otlp => options.Telemetry.Otlp;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<PrometheusExporter>();
        if (Otlp.Endpoint is not null)
        {
            StartExport();
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Task.Run(() => _traces?.Shutdown(LastWordsMs), CancellationToken.None),
        Task.Run(() => _metrics?.Shutdown(LastWordsMs), CancellationToken.None));

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private void StartExport()
    {
        var resource = ResourceBuilder.CreateDefault().AddService("broker", serviceVersion: BrokerVersion.Text, serviceInstanceId: node.Self.ToString());
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(NodeMetrics.MeterName, "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
            .AddOtlpExporter((exporter, reader) =>
            {
                SetUp(exporter, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)Otlp.Interval.TotalMilliseconds;
            })
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.Telemetry.TracePercent / 100.0)))
            .AddSource(BrokerTracing.SourceName, "Microsoft.AspNetCore")
            .AddOtlpExporter(exporter => SetUp(exporter, "v1/traces"))
            .Build();
    }

    private void SetUp(OtlpExporterOptions exporter, string path)
    {
        exporter.Protocol = Otlp.Protocol == OtlpProtocol.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = Otlp.Protocol == OtlpProtocol.Grpc ? new Uri(Otlp.Endpoint!) : new Uri(Otlp.Endpoint!.TrimEnd('/') + "/" + path);
        exporter.Headers = Otlp.Headers;
    }
}
