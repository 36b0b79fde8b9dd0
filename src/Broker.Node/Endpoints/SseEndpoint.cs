using System.Net;
using Broker.Actors;
using Broker.Actors.Dialects.Http;
using Broker.Actors.Dialects.Sse;
using Broker.Actors.Loops;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Messages;
using Broker.Node.Apps;
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

    /// <summary>Characters of a channel's name that an answer repeats.</summary>
    private const int ShownLength = 64;

    public static void MapSse(this IEndpointRouteBuilder app) => app.MapGet(Path, (RequestDelegate)GetAsync).WithDialect(HttpDialects.Sse).WithCors();

    private static async Task GetAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var (request, problem) = Read(context);
        if (problem is not null)
        {
            await Problems.WriteAsync(context.Response, problem);
            return;
        }

        switch (services.GetRequiredService<DialectRoutes>().Knock(request!, services.GetRequiredService<SseDialect>()))
        {
            case Admission.Accepted accepted:
                await ServeAsync(context, request!, accepted);
                break;
            case Admission.Refused refused:
                await RefuseAsync(context, refused);
                break;
        }
    }

    private static async Task ServeAsync(HttpContext context, SseRequest request, Admission.Accepted admission)
    {
        var gate = Gate(context);
        Begin(context.Response);

        // Who reads too slowly is for the outbox to say, as in every dialect.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

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
            await Problems.WriteAsync(context.Response, problem with { Detail = refused.Reason });
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

    private static (SseRequest? Request, ApiProblem? Problem) Read(HttpContext context)
    {
        var query = context.Request.Query;
        var app = query["app"] is [{ Length: > 0 } named] ? named : context.Features.Get<Listener>()?.App ?? AppDirectory.Default;
        var token = query["token"] is [{ Length: > 0 } given] ? given : null;
        Identity identity = Identity.Anonymous.Instance;
        if ((ReadChannels(context, app, out var channels) ?? new HttpCaller(context, token).Identify(app, out identity)) is { } problem)
        {
            return (null, problem);
        }

        if (Check(context, identity, channels) is { } refused)
        {
            return (null, refused);
        }

        // What the client says it has seen; a browser says it by the header when it comes back by itself.
        var lastId = context.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } last] ? last : query["lastEventId"].ToString();
        var peer = new IPEndPoint(context.Connection.RemoteIpAddress ?? IPAddress.None, context.Connection.RemotePort);
        var page = context.Request.Headers.Origin is [{ Length: > 0 } header] ? header : null;
        return (new SseRequest(peer, Path, Query: "", page)
        {
            IsLocal = Locality.IsLocal(context),
            IsSameOrigin = Origin.TryParse(page, out var origin) && origin.IsOf(context.Request.Host.Value),
            Apps = Gate(context),
            App = app,
            Identity = identity,
            Channels = channels,
            Cursor = SseCursor.Read(lastId, channels),
        }, null);
    }

    /// <summary><c>channels</c> is a list with commas, <c>channel</c> one name with whatever is in it; both may come several times.</summary>
    private static ApiProblem? ReadChannels(HttpContext context, string app, out IReadOnlyList<ChannelName> channels)
    {
        var query = context.Request.Query;
        var names = query["channels"].SelectMany(list => (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
            .Concat(query["channel"].Select(name => name ?? ""))
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        channels = [.. names.Select(name => new ChannelName(app, name))];
        var max = Math.Min(Options(context).Sse.Channels, Options(context).Limits.Subscriptions);
        return names.Length == 0 ? ApiProblem.BadParameter with { Detail = "The query names no channels: ?channels=a,b" }
            : names.Length > max ? ApiProblem.TooManyEntries with { Detail = $"A stream has {max} channels at most." }
            : null;
    }

    /// <summary>The session checks the same; here it can still be said by a status.</summary>
    private static ApiProblem? Check(HttpContext context, Identity identity, IReadOnlyList<ChannelName> channels)
    {
        var node = context.RequestServices.GetRequiredService<LocalNode>();
        foreach (var channel in channels)
        {
            if (node.MaySubscribe(identity, channel) is not Refusal.None and var refusal)
            {
                return ApiProblem.Of(refusal) with { Detail = $"The channel is {channel.Text[..Math.Min(channel.Text.Length, ShownLength)]}." };
            }
        }

        return null;
    }

    /// <summary>The gate of the listener that the request came in by.</summary>
    private static ListenerGate Gate(HttpContext context) => context.RequestServices.GetRequiredService<Entrances>()
        .At(context.Features.GetRequiredFeature<Listener>()).Gate;

    private static BrokerOptions Options(HttpContext context) => context.RequestServices.GetRequiredService<BrokerOptions>();
}
