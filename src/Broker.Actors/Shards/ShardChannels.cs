using Broker.Actors.Channels;
using Broker.Actors.Rooms;
using Broker.Messages;

namespace Broker.Actors.Shards;

/// <summary>
/// The channels and rooms of a shard by name; owned channels also idlest first, and in the order in which they are to be
/// looked at again, so that what is old can go without a look at the rest.
/// </summary>
internal sealed class ShardChannels
{
    private readonly Dictionary<ChannelName, ChannelPlace> _places = [];
    private readonly LinkedList<ChannelPlace> _idlest = [];
    private readonly Queue<(ChannelPlace Place, ChannelActor Channel)> _toLookAt = [];

    /// <summary>Channels that this node owns.</summary>
    public int Count { get; private set; }

    public int RoomCount { get; private set; }

    // All of them, as of now. Every change of owners and nodes looks through them several times.

    public ChannelActor[] All => Every(Count, static place => place.Channel);

    /// <summary>The places of channels that this node owns.</summary>
    public ChannelPlace[] Owned => Every(Count, static place => place.Channel is null ? null : place);

    public NodeRoom[] Rooms => Every(RoomCount, static place => place.Room);

    public ChannelActor? Find(ChannelName name) => _places.GetValueOrDefault(name)?.Channel;

    public NodeRoom? FindRoom(ChannelName name) => _places.GetValueOrDefault(name)?.Room;

    public ChannelPlace PlaceOf(ChannelName name)
    {
        if (!_places.TryGetValue(name, out var place))
        {
            place = new ChannelPlace(name);
            _places.Add(name, place);
        }

        return place;
    }

    public void Add(NodeRoom room)
    {
        PlaceOf(room.Channel).Room = room;
        RoomCount++;
    }

    /// <summary>False when it is there no more.</summary>
    public bool Remove(NodeRoom room)
    {
        if (!_places.TryGetValue(room.Channel, out var place) || place.Room != room)
        {
            return false;
        }

        place.Room = null;
        RoomCount--;
        RemoveIfEmpty(place);
        return true;
    }

    public void Add(ChannelPlace place, ChannelActor channel, long nowMs)
    {
        place.Channel = channel;
        place.LookedMs = nowMs;
        Count++;
        PutLast(place, nowMs);
        _toLookAt.Enqueue((place, channel));
    }

    public void Remove(ChannelName name)
    {
        if (_places.TryGetValue(name, out var place) && place.Channel is { } channel)
        {
            channel.Stream.Window.Clear();
            Drop(place);
            RemoveIfEmpty(place);
        }
    }

    /// <summary>Another node owns the shard: all channels go, and rooms take over their streams; a live channel's only where there is one.</summary>
    /// <param name="newRoom">Makes a room where there is none.</param>
    /// <param name="keep">Tells the channel's room.</param>
    public void Clear(Func<ChannelName, NodeRoom> newRoom, Action<NodeRoom, ChannelActor> keep)
    {
        foreach (var place in Owned)
        {
            if (place.Room is not null || !place.Channel!.IsLive)
            {
                keep(place.Room ?? newRoom(place.Name), place.Channel!);
            }

            Drop(place);
            RemoveIfEmpty(place);
        }

        _toLookAt.Clear();
    }

    /// <summary>The channel is busy: it goes to the end of the line. The clock's steps keep this cheap.</summary>
    public void Touch(ChannelPlace place, long nowMs)
    {
        if (!place.IsInLine || place.TouchedMs + 1_000 <= nowMs)
        {
            TakeOut(place);
            PutLast(place, nowMs);
        }
    }

    /// <summary>A channel that was last looked at before <paramref name="beforeMs"/>; null for none. It is looked at as of <paramref name="nowMs"/>.</summary>
    public ChannelPlace? NextToLookAt(long beforeMs, long nowMs)
    {
        while (_toLookAt.TryPeek(out var next) && (next.Place.Channel != next.Channel || next.Place.LookedMs < beforeMs))
        {
            _toLookAt.Dequeue();
            if (next.Place.Channel == next.Channel)
            {
                next.Place.LookedMs = nowMs;
                _toLookAt.Enqueue(next);
                return next.Place;
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
            TakeOut(first.Value);   // it has nothing left to give until it is busy again
            var window = first.Value.Channel!.Stream.Window;
            if (window.HeldBytes is > 0 and var held)
            {
                window.Clear();
                return held;
            }
        }

        return 0;
    }

    private T[] Every<T>(int count, Func<ChannelPlace, T?> of)
        where T : class
    {
        var (every, found) = (new T[count], 0);
        foreach (var place in _places.Values)
        {
            if (of(place) is { } one)
            {
                every[found++] = one;
            }
        }

        return every;
    }

    private void PutLast(ChannelPlace place, long nowMs)
    {
        place.TouchedMs = nowMs;
        place.IsInLine = true;
        _idlest.AddLast(place.InLine);
    }

    private void TakeOut(ChannelPlace place)
    {
        if (place.IsInLine)
        {
            place.IsInLine = false;
            _idlest.Remove(place.InLine);
        }
    }

    private void Drop(ChannelPlace place)
    {
        place.Channel = null;
        place.Holding = null;
        Count--;
        TakeOut(place);
    }

    private void RemoveIfEmpty(ChannelPlace place)
    {
        if (place is { Room: null, Channel: null })
        {
            _places.Remove(place.Name);
        }
    }
}
