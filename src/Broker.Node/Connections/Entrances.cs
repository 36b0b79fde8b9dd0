using System.Collections.Frozen;
using Broker.Actors;
using Broker.Node.Settings;

namespace Broker.Node.Connections;

/// <summary>The entrances of all listeners.</summary>
internal sealed class Entrances(ListenerTable listeners, LocalNode node, DialectRoutes routes, BrokerOptions options, ConnectionRoom room)
{
    private readonly FrozenDictionary<Listener, Entrance> _entrances = listeners.All.ToFrozenDictionary(
        listener => listener, listener => new Entrance(listener, node, new ListenerGate(listener, routes), options, room));

    public Entrance At(Listener listener) => _entrances[listener];
}
