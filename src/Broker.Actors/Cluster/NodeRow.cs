using Broker.Messages;

namespace Broker.Actors.Cluster;

/// <summary>What the authority knows of one incarnation.</summary>
/// <param name="Name">For people.</param>
/// <param name="Url">Where its clients connect.</param>
/// <param name="Queue">Where the bus reaches it; null while it is not connected.</param>
/// <param name="Version">Of what nodes say to each other; the lowest among live nodes is spoken.</param>
/// <param name="IsBusOk">True while its bus is fresh.</param>
public sealed record NodeRow(
    Incarnation Incarnation,
    string Name,
    string Url,
    BusAddress? Queue,
    int Version,
    NodeState State,
    bool IsBusOk);
