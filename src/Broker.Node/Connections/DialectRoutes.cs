using System.Collections.Frozen;
using System.Net;
using Broker.Actors;
using Broker.Actors.Dialects;
using Broker.Actors.Sessions;
using Broker.Node.Origins;
using ConnectionInfo = Broker.Actors.Sessions.ConnectionInfo;

namespace Broker.Node.Connections;

/// <summary>The gate: which path speaks which dialect in which app, and whether there is room.</summary>
internal sealed class DialectRoutes(LocalNode node, IEnumerable<DialectSetup> dialects, AppOrigins origins, SessionCount count)
{
    private const string Root = "/";

    private static readonly Admission.Refused Leaving = new(503, "The node is going down. Connect again.");
    private static readonly Admission.Refused NotServed = new(403, "The app of this path is served on loopback only, until the settings name it.");

    private static readonly Admission.Refused Foreign = new(403, "Pages of this origin may not connect: Broker:Apps[]:Origins names those that may.");

    private readonly FrozenDictionary<string, DialectRoute> _routes =
        dialects.Select(dialect => dialect.Route).OfType<DialectRoute>().ToFrozenDictionary(route => route.Path, StringComparer.Ordinal);
    private volatile bool _isClosed;

    /// <summary>True once the node is going down.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>From now on nobody comes in.</summary>
    public void Close() => _isClosed = true;

    public AppOrigins Origins => origins;

    /// <summary>What is served at a path of a listener: each dialect at its own, and a listener's only one at <c>/</c> too.</summary>
    public DialectRoute? Find(Listener listener, string path)
    {
        var route = _routes.GetValueOrDefault(path);
        if (route is null && path == Root && listener.Dialects is not null)
        {
            var served = _routes.Values.Where(one => listener.Serves(one.Dialect.Name)).Take(2).ToArray();
            route = served.Length == 1 ? served[0] : null;
        }

        return route is not null && listener.Serves(route.Dialect.Name) ? route : null;
    }

    /// <summary><see cref="ISessionGate.Knock"/> at a listener.</summary>
    public Admission Knock(Listener listener, ConnectionInfo connection)
    {
        if (Find(listener, connection.Path) is not { } route)
        {
            return Admission.NotHere.Instance;
        }

        if (_isClosed)
        {
            return Leaving;
        }

        var app = listener.App ?? route.App;
        var namesApp = route.NamesApp && listener.App is null;
        if (!(namesApp ? origins.AllowSome(connection) : origins.Allow(app, connection)))
        {
            return Foreign;
        }

        var isServed = node.Namespaces.Serves(app, connection);
        if (!isServed && !namesApp)
        {
            return NotServed;
        }

        // A client that is about to name its app belongs to none until then, and may do nothing.
        return count.TryTake(connection.Remote.Address, out var refused)
            ? new Admission.Accepted(Subprotocol: null, new Ticket(route.Dialect, isServed ? app : "", connection.Remote.Address))
            : refused;
    }

    public ITransportSink Open(Admission.Accepted admission, ITransport transport)
    {
        var ticket = (Ticket)admission.Ticket;
        return count.Watch(node.Open(ticket.Dialect, ticket.App, transport), ticket.Address);
    }

    public void Refused(int status) => node.Counters.HandshakesRefused.Add(status);

    public void Abandon(Admission.Accepted admission) => count.GiveBack(((Ticket)admission.Ticket).Address);

    private sealed record Ticket(IDialect Dialect, string App, IPAddress Address);
}
