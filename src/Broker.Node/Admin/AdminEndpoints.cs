using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Broker.Node.Connections;
using Broker.Node.Settings;

namespace Broker.Node.Admin;

/// <summary>The operators' API, under <c>/admin/api</c>: there with a token only, and told to nobody without one.</summary>
public static partial class AdminEndpoints
{
    public const string Prefix = "/admin/api";

    public static void MapAdmin(this IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var token = services.GetRequiredService<BrokerOptions>().Admin.Token;
        if (token is null)
        {
            return;
        }

        var admin = app.MapGroup(Prefix).WithDialect(HttpDialects.Admin);
        admin.MapGet("/config", ForOperators(token, context =>
            WriteAsync(context, context.RequestServices.GetRequiredService<SettingsInForce>().Read(), NodeJson.Default.IReadOnlyListSetting)));
        admin.MapGet("/node", ForOperators(token, context =>
            WriteAsync(context, context.RequestServices.GetRequiredService<NodeReporter>().Read(), NodeJson.Default.NodeReport)));
        admin.MapGet("/cluster", ForOperators(token, ClusterEndpoints.ShowAsync));
        admin.MapGet("/cluster/shards", ForOperators(token, ClusterEndpoints.ShardsAsync));
        admin.MapPost("/cluster/leave", ForOperators(token, ClusterEndpoints.LeaveAsync));
        admin.MapPost("/cluster/down", ForOperators(token, ClusterEndpoints.DownAsync));
        admin.MapPost("/cluster/shards/{shard:int}/move", ForOperators(token, ClusterEndpoints.MoveAsync));
    }

    private static RequestDelegate ForOperators(string token, RequestDelegate handle) => context =>
        BearerToken.Matches(context.Request, token) ? handle(context) : BearerToken.RefuseAsync(context);

    private static Task WriteAsync<TValue>(HttpContext context, TValue value, JsonTypeInfo<TValue> type)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(value, type, contentType: null, context.RequestAborted);
    }

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
    [JsonSerializable(typeof(IReadOnlyList<Setting>))]
    [JsonSerializable(typeof(NodeReport))]
    private sealed partial class NodeJson : JsonSerializerContext;
}
