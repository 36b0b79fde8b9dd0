using Broker.Node.Admin;
using Broker.Node.Connections;
using Broker.Node.Settings;

namespace Broker.Node.Metrics;

/// <summary>What Prometheus scrapes.</summary>
public static class MetricsEndpoint
{
    public const string Path = "/metrics";

    public static void MapMetrics(this IEndpointRouteBuilder app) => app.MapGet(Path, (RequestDelegate)GetAsync).WithDialect(HttpDialects.Metrics);

    private static Task GetAsync(HttpContext context)
    {
        if (!IsAllowed(context))
        {
            return BearerToken.RefuseAsync(context);
        }

        context.Response.ContentType = PrometheusText.ContentType;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(context.RequestServices.GetRequiredService<PrometheusExporter>().Scrape(), context.RequestAborted);
    }

    private static bool IsAllowed(HttpContext context)
    {
        var options = context.RequestServices.GetRequiredService<BrokerOptions>();
        return options.Metrics.Open
            || BearerToken.Matches(context.Request, options.Metrics.Token)
            || BearerToken.Matches(context.Request, options.Admin.Token)
            || (options.Metrics.Token is null && Locality.IsLocal(context));
    }
}
