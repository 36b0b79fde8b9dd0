using System.Text.Json.Serialization;
using Broker.Actors;
using Broker.Node.Connections;

namespace Broker.Node.Health;

/// <summary>For probes: does the process answer, and does it do its work.</summary>
public static partial class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", static context => WriteAsync(context, new Health("live"))).WithDialect(HttpDialects.Health);
        app.MapGet("/health/ready", (RequestDelegate)ReadyAsync).WithDialect(HttpDialects.Health);
    }

    private static async Task ReadyAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var isVerbose = IsVerbose(context.Request);
        var findings = await services.GetRequiredService<Readiness>().CheckAsync(isVerbose);
        var failed = findings.FirstOrDefault(finding => !finding.Ok);
        await WriteAsync(context, new Health(StatusOf(failed?.Name))
        {
            Reason = failed?.Reason,
            Checks = isVerbose ? findings : null,
            TookMs = Math.Round(findings.Sum(finding => finding.TookMs), 2),
            Loops = services.GetRequiredService<LocalNode>().Loops.Count,
            Sessions = services.GetRequiredService<SessionCount>().All,
        });
    }

    /// <param name="failed">The check that failed; null for none.</param>
    private static string StatusOf(string? failed) => failed switch
    {
        null => "ready",
        StayingCheck.Title => "stopping",
        MemoryCheck.Title => "full",
        _ => "failing",
    };

    /// <summary>Each check by name, for people and for tools that ask for JSON; a probe does with the status.</summary>
    private static bool IsVerbose(HttpRequest request) =>
        request.Query.ContainsKey("verbose")
        || request.GetTypedHeaders().Accept.Any(accept => accept.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase));

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

        /// <summary>Every check, where that was asked for.</summary>
        public IReadOnlyList<Readiness.Finding>? Checks { get; init; }

        /// <summary>How long the checks took.</summary>
        public double? TookMs { get; init; }

        public int? Loops { get; init; }

        public int? Sessions { get; init; }
    }

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(Health))]
    private sealed partial class HealthJson : JsonSerializerContext;
}
