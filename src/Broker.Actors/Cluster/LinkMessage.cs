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

    internal sealed record Received(byte[] Batch) : LinkMessage;

    internal sealed record Returned(BusAddress To) : LinkMessage;

    internal sealed record Connected : LinkMessage;

    internal sealed record Disconnected : LinkMessage;

    /// <param name="Others">The live nodes but this one.</param>
    /// <param name="Watched">Those whose end this node looks out for.</param>
    internal sealed record Peers(IReadOnlyList<NodeRow> Others, IReadOnlyList<Incarnation> Watched) : LinkMessage;
}
