using System.Collections.Frozen;
using Broker.Actors;
using Broker.Node.Settings;
using Microsoft.AspNetCore.Http.Features;
using ConnectionInfo = Broker.Actors.Sessions.ConnectionInfo;

namespace Broker.Node.Connections;

/// <summary>The entrances of all listeners.</summary>
internal sealed class Entrances(ListenerTable listeners, LocalNode node, DialectRoutes routes, BrokerOptions options)
{
    private readonly FrozenDictionary<Listener, Entrance> _entrances = listeners.All.ToFrozenDictionary(
        listener => listener, listener => new Entrance(listener, node, new ListenerGate(listener, routes), options));

    public Entrance At(Listener listener) => _entrances[listener];

    /// <summary>
    /// What the node knows of the client of an HTTP request, as of a WebSocket's: <c>Namespaces.Serves</c> says by it whether
    /// the request may mean an app, its <c>Apps.Only</c> which one it means without naming one.
    /// </summary>
    public ConnectionInfo Describe(HttpContext context) => At(context.Features.GetRequiredFeature<Listener>()).Describe(context);
}
