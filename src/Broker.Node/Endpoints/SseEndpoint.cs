using Broker.Actors.Dialects.Http;
using Broker.Actors.Dialects.Sse;
using Broker.Actors.Loops;
using Broker.Actors.Sessions;
using Broker.Node.Connections;
using Broker.Node.Origins;
using Broker.Node.Settings;
using Broker.Transport.EventStreams;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Broker.Node.Endpoints;

/// <summary>Server-sent events, <c>GET /sse</c>: docs/sse.md. What is wrong is said before the stream begins.</summary>
public static class SseEndpoint
{
    public const string Path = "/sse";

    private const string ContentType = "text/event-stream";

    public static void MapSse(this IEndpointRouteBuilder app) => app.MapGet(Path, (RequestDelegate)GetAsync).WithDialect(HttpDialects.Sse).WithCors();

    private static async Task GetAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var gate = Gate(context);
        var (request, problem) = SseRequestReader.Read(context, gate);
        if (problem is not null)
        {
            await Problems.WriteAsync(context.Response, problem);
            return;
        }

        switch (services.GetRequiredService<DialectRoutes>().Knock(request!, services.GetRequiredService<SseDialect>()))
        {
            case Admission.Accepted accepted:
                await ServeAsync(context, gate, request!, accepted);
                break;
            case Admission.Refused refused:
                await RefuseAsync(context, refused);
                break;
        }
    }

    private static async Task ServeAsync(HttpContext context, ListenerGate gate, SseRequest request, Admission.Accepted admission)
    {
        context.Features.Get<HttpPlace>()?.GiveBack();   // it is a session now, and counted as one
        Begin(context.Response);

        // Who reads too slowly is for the outbox to say, as in every dialect.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        // As long as a WebSocket may be silent.
        var sessions = context.RequestServices.GetRequiredService<BrokerOptions>().Sessions;
        SilentPeers.EndAfter(context, sessions.PingAfter + sessions.PongWithin);

        try
        {
            // Until the head is sent the server would keep the body to itself.
            await context.Response.StartAsync(context.RequestAborted);
        }
        catch
        {
            gate.Abandon(admission);
            throw;
        }

        await context.RequestServices.GetRequiredService<EventStreamTransport>()
            .ServeAsync(gate, context.Response.BodyWriter, request, admission, context.Abort, context.RequestAborted);
    }

    /// <summary>
    /// What can pass, such as a node that is full or going down. A browser's EventSource gives up for good at every status
    /// but 200: it gets a stream that says so and ends, and comes back.
    /// </summary>
    private static async Task RefuseAsync(HttpContext context, Admission.Refused refused)
    {
        if (!context.Request.Headers.Accept.ToString().Contains(ContentType, StringComparison.OrdinalIgnoreCase))
        {
            var problem = refused.Status == StatusCodes.Status429TooManyRequests ? ApiProblem.TooManyRequests
                : refused.Status == StatusCodes.Status503ServiceUnavailable ? ApiProblem.Unavailable
                : ApiProblem.Forbidden with { Status = refused.Status };
            await Problems.WriteAsync(context.Response, problem with { Detail = refused.Reason, RetryAfterSeconds = problem.RetryAfterSeconds is null ? null : refused.RetryAfterSeconds });
            return;
        }

        Begin(context.Response);
        var payload = new PayloadWriter();
        SseBlock.Retry(payload, context.RequestServices.GetRequiredService<EventStreamOptions>().RetryMs);
        SseBlock.Disconnect(payload, Disconnect.Unavailable with { Reason = refused.Reason });
        await context.Response.BodyWriter.WriteAsync(payload.WrittenMemory, context.RequestAborted);
    }

    private static void Begin(HttpResponse response)
    {
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";   // nginx would hold events back
    }

    /// <summary>The gate of the listener that the request came in by.</summary>
    private static ListenerGate Gate(HttpContext context) => context.RequestServices.GetRequiredService<Entrances>()
        .At(context.Features.GetRequiredFeature<Listener>()).Gate;
}
