using Broker.Messages;

namespace Broker.Actors.Shards;

/// <summary>Puts slices together again; they come in order, one item's at a time per channel and ticket.</summary>
internal sealed class SliceBuffer<T>
{
    private readonly Dictionary<(Type Kind, ChannelName Channel, long Ticket), List<T>> _parts = [];

    /// <summary>All of it with the last slice, null before.</summary>
    public IReadOnlyList<T>? Add(Type kind, ChannelName channel, long ticket, IReadOnlyList<T> part, bool hasMore)
    {
        if (!_parts.TryGetValue((kind, channel, ticket), out var whole))
        {
            if (!hasMore)
            {
                return part;
            }

            _parts.Add((kind, channel, ticket), whole = []);
        }

        whole.AddRange(part);
        if (!hasMore)
        {
            _parts.Remove((kind, channel, ticket));
        }

        return hasMore ? null : whole;
    }

    public void Clear() => _parts.Clear();
}
