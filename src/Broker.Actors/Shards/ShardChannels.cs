using Broker.Actors.Channels;
using Broker.Messages;

namespace Broker.Actors.Shards;

/// <summary>The channels of an owned shard, the idlest first, so that what is old can go without a look at the rest.</summary>
internal sealed class ShardChannels
{
    private readonly Dictionary<ChannelName, Place> _places = [];
    private readonly LinkedList<Place> _idlest = [];

    public int Count => _places.Count;

    public IEnumerable<ChannelActor> All => _places.Values.Select(place => place.Channel);

    public ChannelActor? Find(ChannelName name) => _places.TryGetValue(name, out var place) ? place.Channel : null;

    public void Add(ChannelActor channel, long nowMs)
    {
        var place = new Place(channel) { TouchedMs = nowMs };
        place.Node = _idlest.AddLast(place);
        _places.Add(channel.Name, place);
    }

    public void Remove(ChannelName name)
    {
        if (_places.Remove(name, out var place))
        {
            _idlest.Remove(place.Node!);
            place.Channel.Stream.Window.Clear();
        }
    }

    /// <summary>The channel is busy: it goes to the end of the line. The clock's steps keep this cheap.</summary>
    public void Touch(ChannelName name, long nowMs)
    {
        if (_places.TryGetValue(name, out var place) && place.TouchedMs + 1_000 <= nowMs)
        {
            place.TouchedMs = nowMs;
            _idlest.Remove(place.Node!);
            _idlest.AddLast(place.Node!);
        }
    }

    /// <summary>The channel that has been idle longest, when that is since before <paramref name="beforeMs"/>.</summary>
    public ChannelActor? Idlest(long beforeMs) =>
        _idlest.First is { } first && first.Value.TouchedMs < beforeMs ? first.Value.Channel : null;

    private sealed class Place(ChannelActor channel)
    {
        public ChannelActor Channel => channel;

        public long TouchedMs { get; set; }

        public LinkedListNode<Place>? Node { get; set; }
    }
}
