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

    /// <summary>Takes away one who does not want in any more; null where it is not on its way.</summary>
    public ShardMessage.Subscribe? Take(Subscription subscription) =>
        TakeFrom(Waiting, subscription) ?? TakeFrom(Joining, subscription) ?? TakeFrom(Recovering, subscription) ?? TakeFrom(Behind, subscription);

    private static ShardMessage.Subscribe? TakeFrom(List<ShardMessage.Subscribe> waiting, Subscription subscription)
    {
        var found = waiting.Find(subscribe => subscribe.Subscription == subscription);
        return found is not null && waiting.Remove(found) ? found : null;
    }

    private static ShardMessage.Subscribe? TakeFrom(Dictionary<long, ShardMessage.Subscribe> waiting, Subscription subscription)
    {
        var (ticket, found) = waiting.FirstOrDefault(entry => entry.Value.Subscription == subscription);
        return found is not null && waiting.Remove(ticket) ? found : null;
    }
}
