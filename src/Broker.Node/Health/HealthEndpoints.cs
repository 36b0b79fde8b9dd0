using System.Diagnostics;
using System.Text.Json.Serialization;
using Broker.Actors;
using Broker.Node.Connections;

namespace Broker.Node.Health;

/// <summary>For probes: does the process answer, and does it do its work.</summary>
public static partial class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", static context => WriteAsync(context, new Health("live")));
        app.MapGet("/health/ready", (RequestDelegate)ReadyAsync);
    }

    private static async Task ReadyAsync(HttpContext context)
    {
        var services = context.RequestServices;
        if (services.GetRequiredService<DialectRoutes>().IsLeaving)
        {
            await WriteAsync(context, new Health("stopping") { Reason = "The node is going down." });
            return;
        }

        if (services.GetRequiredService<MemoryMark>().IsOver)
        {
            await WriteAsync(context, new Health("full") { Reason = "The node is over its memory mark, and lets nobody in." });
            return;
        }

        var startedAt = Stopwatch.GetTimestamp();
        var failure = await services.GetRequiredService<SelfDelivery>().TryAsync();
        await WriteAsync(context, new Health(failure is null ? "ready" : "failing")
        {
            Reason = failure,
            TookMs = Math.Round(Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds, 2),
            Loops = services.GetRequiredService<LocalNode>().Loops.Count,
            Sessions = services.GetRequiredService<SessionCount>().All,
        });
    }

    private static Task WriteAsync(HttpContext context, Health health)
    {
        context.Response.StatusCode = health.Status is "live" or "ready" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(health, HealthJson.Default.Health, contentType: null, context.RequestAborted);
    }

    private sealed record Health(string Status)
    {
        /// <summary>What is wrong.</summary>
        public string? Reason { get; init; }

        /// <summary>How long the self-delivery took.</summary>
        public double? TookMs { get; init; }

        public int? Loops { get; init; }

        public int? Sessions { get; init; }
    }

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(Health))]
    private sealed partial class HealthJson : JsonSerializerContext;
}
