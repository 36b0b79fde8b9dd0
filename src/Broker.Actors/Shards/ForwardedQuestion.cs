using Broker.Actors.Channels;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>A question that another node passed on: brings the page back there, in slices.</summary>
internal sealed class ForwardedQuestion(ShardPeers peers, Incarnation node, ChannelName channel, long ticket) : IQuestion
{
    public void Answer(object page)
    {
        if (page is HistoryPage history)
        {
            if (history.Events.Sum(one => (long)EventCodec.Size(one)) > peers.LargestAnswer(node))
            {
                history = new HistoryPage(Refusal.Unavailable, history.Position, []);   // ask for less at a time
            }

            foreach (var (part, hasMore) in Slices.Of(history.Events))
            {
                peers.Send(node, new NodeItem.History(channel, ticket, history.Refusal, history.Position, part, hasMore));
            }
        }
        else if (page is PresencePage presence)
        {
            foreach (var (part, hasMore) in Slices.Of(presence.Members))
            {
                peers.Send(node, new NodeItem.Presence(
                    channel, ticket, presence.Refusal, part, presence.Connections, presence.Subscribers, hasMore));
            }
        }
    }
}
