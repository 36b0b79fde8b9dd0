using Broker.Actors.Channels;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>A question of this node to a channel that another one owns, as long as it is unanswered.</summary>
internal sealed record PendingQuestion(ChannelName Channel, NodeItem Item, ShardMessage Asked, IQuestion Origin, long AskedAtMs)
{
    /// <summary>Said when no answer comes.</summary>
    public object Unavailable => Item is NodeItem.AskHistory
        ? new HistoryPage(Refusal.Unavailable, default, [])
        : new PresencePage(Refusal.Unavailable, [], 0, 0);
}
