using Broker.Actors.Shards;

namespace Broker.Actors.Rooms;

/// <summary>A room's subscribers on their way in, by what they wait for.</summary>
internal sealed class RoomArrivals
{
    /// <summary>For the owner to say where the stream stands; in the order in which they came.</summary>
    public List<ShardMessage.Subscribe> Waiting { get; } = [];

    /// <summary>For the owner to take their members, by ticket.</summary>
    public Dictionary<long, ShardMessage.Subscribe> Joining { get; } = [];

    /// <summary>For the owner to read what they have missed, by ticket.</summary>
    public Dictionary<long, ShardMessage.Subscribe> Recovering { get; } = [];

    /// <summary>For events that they have seen, and the room has not.</summary>
    public List<ShardMessage.Subscribe> Behind { get; } = [];

    public int Count => Waiting.Count + Joining.Count + Recovering.Count + Behind.Count;
}
