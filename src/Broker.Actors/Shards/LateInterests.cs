using System.Diagnostics.CodeAnalysis;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>Rooms of one node whose answers wait until less is under way to it, in order, with their counts.</summary>
internal sealed class LateInterests
{
    private readonly Queue<ChannelName> _order = [];
    private readonly Dictionary<ChannelName, NodeItem.Interest> _waiting = [];

    public bool IsEmpty => _waiting.Count == 0;

    public void Add(NodeItem.Interest interest)
    {
        if (!_waiting.ContainsKey(interest.Channel))
        {
            _order.Enqueue(interest.Channel);
        }

        _waiting[interest.Channel] = interest;
    }

    /// <summary>False where the channel does not wait.</summary>
    public bool Recount(ChannelName channel, int count)
    {
        if (!_waiting.TryGetValue(channel, out var waiting))
        {
            return false;
        }

        _waiting[channel] = waiting with { Subscribers = count };
        return true;
    }

    public void Remove(ChannelName channel) => _waiting.Remove(channel);

    public bool TryTake([NotNullWhen(true)] out NodeItem.Interest? interest)
    {
        while (_order.TryDequeue(out var channel))
        {
            if (_waiting.Remove(channel, out interest))
            {
                return true;
            }
        }

        interest = null;
        return false;
    }
}
