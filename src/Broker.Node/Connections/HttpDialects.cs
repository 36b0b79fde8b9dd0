namespace Broker.Node.Connections;

/// <summary>What a listener's <c>Dialects</c> can name beside the WebSocket dialects: groups of HTTP endpoints.</summary>
public static class HttpDialects
{
    /// <summary>The HTTP API for backends, <c>/api/...</c>.</summary>
    public const string Api = "api";

    /// <summary>Server-Sent Events, <c>/sse</c>.</summary>
    public const string Sse = "sse";

    /// <summary>Probes, <c>/health/...</c>.</summary>
    public const string Health = "health";

    /// <summary><c>/metrics</c>.</summary>
    public const string Metrics = "metrics";

    /// <summary>The operator's endpoints, <c>/admin/...</c>.</summary>
    public const string Admin = "admin";

    /// <summary>The page at <c>/</c>.</summary>
    public const string Demo = "demo";

    public static IReadOnlyList<string> All { get; } = [Api, Sse, Health, Metrics, Admin, Demo];
}
