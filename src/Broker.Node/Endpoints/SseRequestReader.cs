using System.Net;
using Broker.Actors;
using Broker.Actors.Dialects.Http;
using Broker.Actors.Dialects.Sse;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Messages;
using Broker.Node.Apps;
using Broker.Node.Connections;
using Broker.Node.Origins;
using Broker.Node.Settings;

namespace Broker.Node.Endpoints;

/// <summary>Reads what a request for an event stream asks for, and finds what is wrong with it while that can be said by a status.</summary>
internal static class SseRequestReader
{
    /// <summary>One of the two is null.</summary>
    /// <param name="reach">Which apps may be meant where the request came in.</param>
    public static (SseRequest? Request, ApiProblem? Problem) Read(HttpContext context, IAppReach reach)
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
        return (new SseRequest(peer, SseEndpoint.Path, Query: "", page)
        {
            IsLocal = Locality.IsLocal(context),
            IsSameOrigin = Origin.TryParse(page, out var origin) && origin.IsOf(context.Request.Host.Value),
            Apps = reach,
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
        if (names.Length > max)
        {
            Node(context).Counters.Limits.Add(Limit.Subscriptions);
            return ApiProblem.TooManyEntries with { Detail = $"A stream has {max} channels at most." };
        }

        return names.Length == 0 ? ApiProblem.BadParameter with { Detail = "The query names no channels: ?channels=a,b" } : null;
    }

    /// <summary>The session checks the same; here it can still be said by a status.</summary>
    private static ApiProblem? Check(HttpContext context, Identity identity, IReadOnlyList<ChannelName> channels)
    {
        var node = Node(context);
        for (var i = 0; i < channels.Count; i++)
        {
            if (node.MaySubscribe(identity, channels[i]) is not Refusal.None and var refusal)
            {
                node.Counters.Met(refusal);
                return ApiProblem.Of(refusal) with { Detail = $"It is about channel {i + 1} of {channels.Count}." };
            }
        }

        return null;
    }

    private static LocalNode Node(HttpContext context) => context.RequestServices.GetRequiredService<LocalNode>();

    private static BrokerOptions Options(HttpContext context) => context.RequestServices.GetRequiredService<BrokerOptions>();
}
