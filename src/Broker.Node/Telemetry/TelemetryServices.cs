using Broker.Node.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Broker.Node.Telemetry;

/// <summary>What lets others see how the node is doing.</summary>
internal static class TelemetryServices
{
    public static void AddTelemetry(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton<NodeMetrics>();
        services.TryAddSingleton<BrokerMeter>();
        services.TryAddSingleton<PrometheusExporter>();
        services.AddHostedService<TelemetryLifetime>();
    }
}
