using Broker.Messages;

namespace Broker.Actors.Shards;

/// <summary>A node on its way to holding all that an owner holds of a shard.</summary>
/// <param name="Then">What comes when it does; null where it becomes the standby.</param>
internal sealed record Fill(Incarnation Node, long Number, Action? Then)
{
    /// <summary>The node has said that it holds everything, and goes on holding what it is sent.</summary>
    public bool IsDone { get; set; }
}
