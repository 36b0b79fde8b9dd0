using Broker.Actors.Cluster;

namespace Broker.Storage.PostgreSql.Commands;

/// <summary>States as the table has them: words, so that an operator can read them.</summary>
internal static class NodeStates
{
    public static string Write(NodeState state) => state switch
    {
        NodeState.Joining => "joining",
        NodeState.Up => "up",
        _ => "leaving",
    };

    /// <summary>A state that only a later release knows is one in which a node gets no shards.</summary>
    public static NodeState Read(string text) => text switch
    {
        "joining" => NodeState.Joining,
        "up" => NodeState.Up,
        _ => NodeState.Leaving,
    };
}
