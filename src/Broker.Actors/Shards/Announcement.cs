using Broker.Messages;

namespace Broker.Actors.Shards;

/// <summary>What a node has named since it began to announce itself.</summary>
internal sealed class Announcement
{
    public HashSet<ChannelName> Rooms { get; } = [];

    public HashSet<(ChannelName Channel, SessionId Session)> Members { get; } = [];
}
