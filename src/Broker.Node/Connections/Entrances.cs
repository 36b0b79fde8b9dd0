using System.Net;
using Broker.Actors;
using Broker.Actors.Sessions;
using Broker.Node.Settings;

namespace Broker.Node.Connections;

/// <summary>One entrance for listeners on loopback, where more is open, and one for all others.</summary>
internal sealed class Entrances(LocalNode node, ISessionGate gate, BrokerOptions options, ConnectionRoom room)
{
    private readonly Entrance _loopback = new(node, gate, options, room, isLoopback: true);
    private readonly Entrance _elsewhere = new(node, gate, options, room, isLoopback: false);

    public Entrance At(bool isLoopback) => isLoopback ? _loopback : _elsewhere;

    /// <param name="bound">What the listener is bound to, not what a connection came from or to.</param>
    public Entrance At(IPAddress bound) => At(IPAddress.IsLoopback(bound));
}
