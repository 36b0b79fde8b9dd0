using System.Globalization;
using System.Text.Json;
using Broker.Actors;
using Broker.Actors.Cluster;
using Broker.Actors.Dialects.Http;
using Broker.Messages;
using Broker.Messages.Admin;
using Broker.Node.Endpoints;
using Broker.Node.Health;

namespace Broker.Node.Admin;

/// <summary>The cluster's part of the operators' API.</summary>
internal static class ClusterEndpoints
{
    public static Task ShowAsync(HttpContext context) =>
        WithViewAsync(context, view => context.Response.WriteAsJsonAsync(
            ClusterReporter.Report(view, Node(context).IsAlone), AdminJson.Default.ClusterReport, contentType: null, context.RequestAborted));

    public static Task ShardsAsync(HttpContext context) =>
        WithViewAsync(context, view => context.Response.WriteAsJsonAsync(
            ClusterReporter.Shards(view), AdminJson.Default.IReadOnlyListShardReport, contentType: null, context.RequestAborted));

    public static Task LeaveAsync(HttpContext context) =>
        OrderAsync(context, "leaving", StatusCodes.Status202Accepted, whom => Node(context).AskToLeaveAsync(whom));

    public static Task DownAsync(HttpContext context) =>
        OrderAsync(context, "down", StatusCodes.Status200OK, whom => Node(context).ForgetAsync(whom));

    public static Task MoveAsync(HttpContext context)
    {
        var shard = int.Parse((string)context.Request.RouteValues["shard"]!, CultureInfo.InvariantCulture);
        return OrderAsync(context, "moved", StatusCodes.Status200OK, async whom => shard < Node(context).ShardCount
            ? await Node(context).MoveAsync(new ShardId(shard), whom)
            : OrderOutcome.UnknownShard);
    }

    private static LocalNode Node(HttpContext context) => context.RequestServices.GetRequiredService<LocalNode>();

    private static async Task WithViewAsync(HttpContext context, Func<ClusterView, Task> answer)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (await context.RequestServices.GetRequiredService<ClusterWatch>().LookAsync() is { } view)
        {
            await answer(view);
        }
        else
        {
            await Problems.WriteAsync(context.Response, ApiProblem.Unavailable with { Detail = "The node's cluster loop does not answer." });
        }
    }

    private static Task OrderAsync(HttpContext context, string outcome, int status, Func<Incarnation, Task<OrderOutcome>> order) =>
        WithViewAsync(context, async view =>
        {
            if (await ReadAsync(context) is not { } wanted)
            {
                await Problems.WriteAsync(context.Response, ApiProblem.BadJson);
                return;
            }

            if (ClusterReporter.Find(view, wanted.Node, out var objection) is not { } whom)
            {
                await Problems.WriteAsync(context.Response, objection!);
                return;
            }

            if (ClusterProblems.Of(await order(new Incarnation(Guid.Parse(whom.Id)))) is { } problem)
            {
                await Problems.WriteAsync(context.Response, problem);
                return;
            }

            context.Response.StatusCode = status;
            await context.Response.WriteAsJsonAsync(
                new OrderReport(whom.Id, whom.Name, outcome), AdminJson.Default.OrderReport, contentType: null, context.RequestAborted);
        });

    /// <summary>Null for what is no order. No body at all means this node.</summary>
    private static async Task<NodeOrder?> ReadAsync(HttpContext context)
    {
        using var body = await RequestBody.ReadAsync(context);
        if (body is not { } read)
        {
            return null;
        }

        try
        {
            return read.Bytes.IsEmpty ? new NodeOrder() : JsonSerializer.Deserialize(read.Bytes.Span, AdminJson.Default.NodeOrder);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
