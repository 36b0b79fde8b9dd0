using System.Collections.Frozen;
using System.Net;
using Broker.Actors;
using Broker.Actors.Dialects;
using Broker.Actors.Sessions;
using Broker.Node.Health;
using ConnectionInfo = Broker.Actors.Sessions.ConnectionInfo;

namespace Broker.Node.Connections;

/// <summary>The gate: which path speaks which dialect in which app, and whether there is room. All ways in come by here.</summary>
internal sealed class DialectRoutes(
    LocalNode node, IEnumerable<DialectSetup> dialects, SessionCount count, HandshakeRates rates, MemoryMark memory) : ISessionGate
{
    private readonly FrozenDictionary<string, DialectRoute> _routes =
        dialects.Select(dialect => dialect.Route).OfType<DialectRoute>().ToFrozenDictionary(route => route.Path, StringComparer.Ordinal);
    private volatile bool _isLeaving;
    private volatile bool _isClosed;

    /// <summary>True once the node is going down, though it may serve for a while yet.</summary>
    public bool IsLeaving => _isLeaving;

    /// <summary>Tells whoever asks whether the node is ready that it is not any more; everybody still comes in.</summary>
    public void Leave() => _isLeaving = true;

    /// <summary>From now on nobody comes in.</summary>
    public void Close() => _isLeaving = _isClosed = true;

    public Admission Knock(ConnectionInfo connection, IReadOnlyList<string> subprotocols)
    {
        if (!_routes.TryGetValue(connection.Path, out var route))
        {
            return Admission.NotHere.Instance;
        }

        // A client that is about to name its app belongs to none until then, and may do nothing.
        var isServed = node.Namespaces.Serves(route.App, connection.IsLocal);
        var ticket = new Ticket(route.Dialect, isServed ? route.App : "", connection.Remote.Address);
        var refused = _isClosed ? TurnedAway.Leaving
            : !isServed && !route.NamesApp ? TurnedAway.NotServed
            : memory.IsOver ? TurnedAway.OverMemory
            : rates.Spend(ticket.Address) ?? TakePlaces(ticket);
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

    public ITransportSink Open(Admission.Accepted admission, ITransport transport)
    {
        var ticket = (Ticket)admission.Ticket;
        return count.Watch(node.Open(ticket.Dialect, ticket.App, transport), ticket.Address);
    }

    public void Abandon(Admission.Accepted admission)
    {
        var ticket = (Ticket)admission.Ticket;
        node.Apps.GiveBack(ticket.App);
        count.GiveBack(ticket.Address);
    }

    public void Met(Limit limit) => node.Counters.Limits.Add(limit);

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
