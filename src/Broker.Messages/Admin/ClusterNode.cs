namespace Broker.Messages.Admin;

/// <summary>A node of the cluster.</summary>
/// <param name="Id">This life of it; a restarted node has another.</param>
/// <param name="Name">For people.</param>
/// <param name="Url">Where it is reached; empty when nobody knows.</param>
/// <param name="State"><see cref="Joining"/>, <see cref="Up"/>, <see cref="Leaving"/> or <see cref="Gone"/>.</param>
/// <param name="Version">Of what nodes say to each other.</param>
/// <param name="BusOk">What it sends over the bus arrives, as it says itself.</param>
/// <param name="Lease"><see cref="Held"/> or <see cref="Ended"/>.</param>
/// <param name="OwnedShards">As the node that answered knows it.</param>
public sealed record ClusterNode(string Id, string Name, string Url, string State, int Version, bool BusOk, string Lease, int OwnedShards)
{
    public const string Joining = "joining";
    public const string Up = "up";
    public const string Leaving = "leaving";

    /// <summary>Not there any more, but shards still name it as their owner.</summary>
    public const string Gone = "gone";

    public const string Held = "held";
    public const string Ended = "ended";
}
