using System.Collections.Frozen;
using Broker.Node.Apps;
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
    private readonly FrozenDictionary<string, OriginPattern[]> _lists = Lists(options)
        .Where(list => list.Origins.Count > 0)
        .ToFrozenDictionary(list => list.App, list => list.Origins.Select(Parse).ToArray(), StringComparer.Ordinal);

    /// <summary>Whether a WebSocket or an HTTP request may mean the app. Those that may not are answered with 403.</summary>
    public bool Allow(string app, ConnectionInfo connection) =>
        Allow(app, connection.Origin, connection.IsSameOrigin, connection.IsLocal);

    /// <summary>Whether there is an app that it may mean, for clients that name theirs later, and for preflights, which never do.</summary>
    public bool AllowSome(ConnectionInfo connection) =>
        Allow(app: "", connection) || _lists.Keys.Any(app => Allow(app, connection));

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

    private static IEnumerable<(string App, IList<string> Origins)> Lists(BrokerOptions options) =>
        options.Apps.Select(app => (app.Id, app.Origins))
            .Concat(options.WebRocket.Hubs.Where(hub => hub.App is null).Select(hub => (AppDirectory.AppOf(hub), hub.Origins)));

    private static OriginPattern Parse(string text) =>
        OriginPattern.TryParse(text, out var pattern) ? pattern : throw new FormatException($"\"{text}\" is no origin.");
}
