using System.Collections.Frozen;
using Broker.Node.Connections;
using Broker.Node.Settings;
using ConnectionInfo = Broker.Actors.Sessions.ConnectionInfo;

namespace Broker.Node.Origins;

/// <summary>
/// Which pages may connect to which app. Clients that send no origin are no browsers, and pass. Where an app has a list,
/// the list alone counts. Where it has none: pages of the host that they connect to; on loopback pages of this machine,
/// whatever the host is called, since any name can be made to lead to 127.0.0.1.
/// </summary>
internal sealed class AppOrigins(BrokerOptions options)
{
    private readonly FrozenDictionary<string, OriginPattern[]> _lists = options.Apps.Where(app => app.Origins.Count > 0)
        .ToFrozenDictionary(app => app.Id, app => app.Origins.Select(Parse).ToArray(), StringComparer.Ordinal);

    /// <summary>Whether a WebSocket may mean the app.</summary>
    public bool Allow(string app, ConnectionInfo connection) =>
        Allow(app, connection.Origin, connection.IsSameOrigin, connection.IsLocal);

    /// <summary>Whether there is an app that a WebSocket may mean, for clients that name theirs later.</summary>
    public bool AllowSome(ConnectionInfo connection) =>
        Allow(app: "", connection) || _lists.Keys.Any(app => Allow(app, connection));

    /// <summary>Whether an HTTP request may mean the app: the one place that endpoints ask. They answer others with 403.</summary>
    public bool Allow(string app, HttpContext context) => Allow(context, (origin, isSame, isLocal) => Allow(app, origin, isSame, isLocal));

    /// <summary>Whether there is an app that an HTTP request may mean.</summary>
    public bool AllowSome(HttpContext context) => Allow(context, (origin, isSame, isLocal) =>
        Allow(app: "", origin, isSame, isLocal) || _lists.Keys.Any(app => Allow(app, origin, isSame, isLocal)));

    private static bool Allow(HttpContext context, Func<string?, bool, bool, bool> allow)
    {
        string? header = context.Request.Headers.Origin.Count == 0 ? null : context.Request.Headers.Origin.ToString();
        var isSame = Origin.TryParse(header, out var origin) && origin.IsOf(context.Request.Host.Value);
        return allow(header, isSame, Locality.IsLocal(context));
    }

    private bool Allow(string app, string? origin, bool isSameOrigin, bool isLocal)
    {
        if (origin is null)
        {
            return true;
        }

        if (_lists.TryGetValue(app, out var list))
        {
            return list.Any(pattern => pattern.Matches(origin));
        }

        return isLocal ? Origin.TryParse(origin, out var parsed) && parsed.IsLocal : isSameOrigin;
    }

    private static OriginPattern Parse(string text) =>
        OriginPattern.TryParse(text, out var pattern) ? pattern : throw new FormatException($"\"{text}\" is no origin.");
}
