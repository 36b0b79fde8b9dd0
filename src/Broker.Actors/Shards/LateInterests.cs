using System.Diagnostics.CodeAnalysis;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>Rooms of one node whose answers wait until less is under way to it, in order, with their counts.</summary>
internal sealed class LateInterests
{
    private readonly Queue<ChannelName> _order = [];
    private readonly Dictionary<ChannelName, (NodeItem.Interest Interest, int Count)> _waiting = [];

    public bool IsEmpty => _waiting.Count == 0;

    public void Add(NodeItem.Interest interest)
    {
        if (!_waiting.TryGetValue(interest.Channel, out var before))
        {
            _order.Enqueue(interest.Channel);
        }

        _waiting[interest.Channel] = (interest, before.Count);
    }

    /// <summary>False where the channel does not wait.</summary>
    public bool Recount(ChannelName channel, int count)
    {
        if (!_waiting.TryGetValue(channel, out var waiting))
        {
            return false;
        }

        _waiting[channel] = waiting with { Count = count };
        return true;
    }

    public void Remove(ChannelName channel) => _waiting.Remove(channel);

    public bool TryTake([NotNullWhen(true)] out NodeItem.Interest? interest, out int count)
    {
        while (_order.TryDequeue(out var channel))
        {
            if (_waiting.Remove(channel, out var waiting))
            {
                (interest, count) = waiting;
                return true;
            }
        }

        (interest, count) = (null, 0);
        return false;
    }
}
