using Broker.Actors.Channels;
using Broker.Messages;

namespace Broker.Actors.Shards;

/// <summary>
/// The channels of an owned shard: the idlest first, and in the order in which they are to be looked at again, so that
/// what is old can go without a look at the rest.
/// </summary>
internal sealed class ShardChannels
{
    private readonly Dictionary<ChannelName, Place> _places = [];
    private readonly LinkedList<Place> _idlest = [];
    private readonly Queue<Place> _toLookAt = [];

    public int Count => _places.Count;

    public IEnumerable<ChannelActor> All => _places.Values.Select(place => place.Channel);

    public ChannelActor? Find(ChannelName name) => _places.TryGetValue(name, out var place) ? place.Channel : null;

    public void Add(ChannelActor channel, long nowMs)
    {
        var place = new Place(channel, nowMs);
        _idlest.AddLast(place.Node);
        _toLookAt.Enqueue(place);
        _places.Add(channel.Name, place);
    }

    public void Remove(ChannelName name)
    {
        if (_places.Remove(name, out var place))
        {
            place.IsRemoved = true;
            place.Node.List?.Remove(place.Node);
            place.Channel.Stream.Window.Clear();
        }
    }

    /// <summary>Another node owns the shard: all go, and a window goes with its channel unless a room keeps it.</summary>
    public void Clear(Func<ChannelActor, bool> isKept)
    {
        foreach (var place in _places.Values)
        {
            place.IsRemoved = true;
            if (!isKept(place.Channel))
            {
                place.Channel.Stream.Window.Clear();
            }
        }

        _places.Clear();
        _idlest.Clear();
        _toLookAt.Clear();
    }

    /// <summary>The channel, which is busy: it goes to the end of the line. The clock's steps keep this cheap.</summary>
    public ChannelActor? FindBusy(ChannelName name, long nowMs)
    {
        if (!_places.TryGetValue(name, out var place))
        {
            return null;
        }

        var isInLine = place.Node.List is not null;
        if (!isInLine || place.TouchedMs + 1_000 <= nowMs)
        {
            if (isInLine)
            {
                _idlest.Remove(place.Node);
            }

            place.TouchedMs = nowMs;
            _idlest.AddLast(place.Node);
        }

        return place.Channel;
    }

    /// <summary>A channel that was last looked at before <paramref name="beforeMs"/>; null for none. It is looked at as of <paramref name="nowMs"/>.</summary>
    public ChannelActor? NextToLookAt(long beforeMs, long nowMs)
    {
        while (_toLookAt.TryPeek(out var place) && (place.IsRemoved || place.LookedMs < beforeMs))
        {
            _toLookAt.Dequeue();
            if (!place.IsRemoved)
            {
                place.LookedMs = nowMs;
                _toLookAt.Enqueue(place);
                return place.Channel;
            }
        }

        return null;
    }

    /// <summary>
    /// Empties the window that has been idle longest, among those idle since <paramref name="beforeMs"/>; returns the bytes
    /// that this frees, 0 when there is none.
    /// </summary>
    public long DropIdlestWindow(long beforeMs)
    {
        while (_idlest.First is { } first && first.Value.TouchedMs <= beforeMs)
        {
            _idlest.RemoveFirst();   // it has nothing left to give until it is busy again
            var window = first.Value.Channel.Stream.Window;
            if (window.HeldBytes is > 0 and var held)
            {
                window.Clear();
                return held;
            }
        }

        return 0;
    }

    private sealed class Place
    {
        public Place(ChannelActor channel, long nowMs)
        {
            Channel = channel;
            TouchedMs = nowMs;
            LookedMs = nowMs;
            Node = new LinkedListNode<Place>(this);
        }

        public ChannelActor Channel { get; }

        /// <summary>Its place in line; out of it while there is nothing to drop.</summary>
        public LinkedListNode<Place> Node { get; }

        public long TouchedMs { get; set; }

        public long LookedMs { get; set; }

        public bool IsRemoved { get; set; }
    }
}
