namespace Broker.Messages;

/// <summary>One client connection, unique over all nodes and their lives.</summary>
/// <param name="Node">The incarnation that holds the connection.</param>
/// <param name="Number">Unique within that incarnation.</param>
public readonly record struct SessionId(Incarnation Node, long Number)
{
    public override string ToString() => $"{Node}.{Number:x}";
}
