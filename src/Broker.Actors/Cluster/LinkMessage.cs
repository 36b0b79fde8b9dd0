using Broker.Messages;

namespace Broker.Actors.Cluster;

/// <summary>What is told to the node's links.</summary>
internal abstract record LinkMessage
{
    private LinkMessage()
    {
    }

    /// <summary>Items of one loop for one node; the bytes are the links' from here on.</summary>
    internal sealed record Send(Incarnation To, byte[] Items, int Count) : LinkMessage;

    /// <summary>Items that must not wait behind a link's: they may be lost, and overtake what the link carries.</summary>
    internal sealed record SendOutside(Incarnation To, byte[] Items) : LinkMessage;

    internal sealed record Received(byte[] Batch) : LinkMessage;

    /// <summary>A node whose lease has ended is to stop.</summary>
    internal sealed record Depose(Incarnation To) : LinkMessage;

    internal sealed record Returned(BusAddress To, SendId Id) : LinkMessage;

    internal sealed record Confirmed(SendId Id) : LinkMessage;

    internal sealed record Connected(BusAddress Self) : LinkMessage;

    internal sealed record Disconnected : LinkMessage;

    /// <summary>The authority has this node's address, and has said what the node owns since: the bus may count as fresh again.</summary>
    internal sealed record Registered(BusAddress Self) : LinkMessage;

    /// <param name="Others">The live nodes but this one.</param>
    /// <param name="Watched">Those whose end this node looks out for.</param>
    internal sealed record Peers(IReadOnlyList<NodeRow> Others, IReadOnlyList<Incarnation> Watched) : LinkMessage;
}
