using System.Collections.Frozen;
using System.Net;
using Broker.Actors;
using Broker.Actors.Dialects;
using Broker.Actors.Dialects.Sse;
using Broker.Actors.Sessions;
using Broker.Node.Health;
using Broker.Node.Origins;
using Broker.Node.Settings;
using ConnectionInfo = Broker.Actors.Sessions.ConnectionInfo;

namespace Broker.Node.Connections;

/// <summary>The gate: which path speaks which dialect in which app, and whether there is room. All ways in come by here.</summary>
internal sealed class DialectRoutes(
    LocalNode node, IEnumerable<DialectSetup> dialects, AppOrigins origins, SessionCount count, HandshakeRates rates, MemoryMark memory)
{
    private const string Root = "/";

    private readonly FrozenDictionary<string, DialectRoute> _routes = Table(dialects.SelectMany(dialect => dialect.Routes));

    /// <summary>The longest first.</summary>
    private readonly DialectRoute[] _subtrees =
        [.. dialects.SelectMany(dialect => dialect.Routes).Where(route => route.IsSubtree).OrderByDescending(route => route.Path.Length)];

    private volatile bool _isLeaving;
    private volatile bool _isClosed;

    /// <summary>True once the node is going down, though it may serve for a while yet.</summary>
    public bool IsLeaving => _isLeaving;

    /// <summary>Tells whoever asks whether the node is ready that it is not any more; everybody still comes in.</summary>
    public void Leave() => _isLeaving = true;

    /// <summary>From now on nobody comes in.</summary>
    public void Close() => _isLeaving = _isClosed = true;

    public AppOrigins Origins => origins;

    /// <summary>What is served at a path of a listener: each dialect at its own, and a listener's only one at <c>/</c> too.</summary>
    public DialectRoute? Find(Listener listener, string path)
    {
        var route = _routes.GetValueOrDefault(path);
        if (route is not null && Serves(listener, route))
        {
            return route;
        }

        if (path == Root && listener.Dialects is not null)
        {
            var served = _routes.Values.Where(one => Serves(listener, one)).Take(2).ToArray();
            return served.Length == 1 ? served[0] : null;
        }

        return _subtrees.Length == 0 || CanonicalPath.Of(path) != path || SubtreeAt(listener, path) is not null ? null
            : Array.Find(_subtrees, subtree => path.StartsWith(subtree.Path, StringComparison.Ordinal) && Serves(listener, subtree));
    }

    /// <summary>The path of a hub that a request means which says it in other words, and is to be sent there; null for none.</summary>
    /// <param name="path">As the request says it.</param>
    public string? Elsewhere(Listener listener, string path)
    {
        var canonical = CanonicalPath.Of(path);
        if (canonical != path && Find(listener, canonical) is { IsHub: true })
        {
            return canonical;
        }

        return _routes.ContainsKey(canonical) ? null : SubtreeAt(listener, canonical)?.Path;
    }

    /// <summary><see cref="ISessionGate.Knock"/> at a listener.</summary>
    public Admission Knock(Listener listener, ConnectionInfo connection)
    {
        if (Find(listener, connection.Path) is not { } route)
        {
            return Admission.NotHere.Instance;
        }

        var app = listener.App ?? route.App;
        var namesApp = route.NamesApp && listener.App is null;
        var isServed = node.Namespaces.Serves(app, connection) && (!route.IsLocalOnly || connection.IsLocal);

        // A client that is about to name its app belongs to none until then, and may do nothing.
        var ticket = new Ticket(route.Dialect, isServed ? app : "", connection.Remote.Address);
        return Answer(ticket, !(namesApp ? origins.AllowSome(connection) : origins.Allow(app, connection)) ? TurnedAway.Foreign
            : !isServed && !namesApp ? TurnedAway.NotServed
            : null);
    }

    /// <summary>Looks at a request for an event stream, as at one for a WebSocket; who may read what has been checked before.</summary>
    public Admission Knock(SseRequest request, SseDialect dialect) => Answer(new Ticket(dialect, request.App, request.Remote.Address), refused: null);

    public ITransportSink Open(Admission.Accepted admission, ITransport transport)
    {
        var ticket = (Ticket)admission.Ticket;
        return count.Watch(node.Open(ticket.Dialect, ticket.App, transport), ticket.Address);
    }

    public void Refused(int status) => node.Counters.HandshakesRefused.Add(status);

    public void Abandon(Admission.Accepted admission)
    {
        var ticket = (Ticket)admission.Ticket;
        node.Apps.GiveBack(ticket.App);
        count.GiveBack(ticket.Address);
    }

    public void Met(Limit limit) => node.Counters.Limits.Add(limit);

    private static FrozenDictionary<string, DialectRoute> Table(IEnumerable<DialectRoute> routes)
    {
        var table = new Dictionary<string, DialectRoute>(StringComparer.Ordinal);
        foreach (var route in routes)
        {
            if (!table.TryAdd(route.Path, route))
            {
                throw WrongSettings.Exception([$"Two dialects cannot have one path: {route.Path} is of {table[route.Path].Dialect.Name} and of {route.Dialect.Name}."]);
            }
        }

        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <param name="refused">Why it is not for this client in any case; null where it may be.</param>
    private Admission Answer(Ticket ticket, TurnedAway? refused)
    {
        refused = _isClosed ? TurnedAway.Leaving
            : refused ?? (memory.IsOver ? TurnedAway.OverMemory : rates.Spend(ticket.Address) ?? TakePlaces(ticket));
        if (refused is null)
        {
            return new Admission.Accepted(Subprotocol: null, ticket);
        }

        if (refused.Limit is { } limit)
        {
            Met(limit);
        }

        return refused.Answer;
    }

    /// <summary>The subtree that the path would be of, had it a slash at its end.</summary>
    private DialectRoute? SubtreeAt(Listener listener, string path) => Array.Find(
        _subtrees, one => one.Path.Length == path.Length + 1 && one.Path.StartsWith(path, StringComparison.Ordinal) && Serves(listener, one));

    private static bool Serves(Listener listener, DialectRoute route) =>
        listener.Serves(route.Dialect.Name) && (!route.IsHub || listener.App is null || listener.App == route.App);

    private TurnedAway? TakePlaces(Ticket ticket)
    {
        if (!node.Apps.TryTake(ticket.App))
        {
            return TurnedAway.AppFull;
        }

        if (!count.TryTake(ticket.Address, out var refused))
        {
            node.Apps.GiveBack(ticket.App);
        }

        return refused;
    }

    private sealed record Ticket(IDialect Dialect, string App, IPAddress Address);
}
