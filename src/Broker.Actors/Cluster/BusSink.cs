using Broker.Actors.Loops;
using Broker.Messages.Cluster;

namespace Broker.Actors.Cluster;

/// <summary>Brings what the bus tells to the actors' loop, as messages.</summary>
internal sealed class BusSink(Actor links, Actor cluster) : IBusSink
{
    public void Connected(BusAddress self)
    {
        links.Tell(new LinkMessage.Connected(self));
        cluster.Tell(new ClusterMessage.Connected(self));
    }

    public void Disconnected()
    {
        links.Tell(new LinkMessage.Disconnected());
        cluster.Tell(new ClusterMessage.Disconnected());
    }

    public void Received(ReadOnlyMemory<byte> batch) => links.Tell(new LinkMessage.Received(batch.ToArray()));

    public void NewsReceived(ReadOnlyMemory<byte> news)
    {
        try
        {
            if (NodeNews.Read(news.Span, out var from) is { } read)
            {
                cluster.Tell(new ClusterMessage.News(from, read));
            }
        }
        catch (InvalidDataException)
        {
            // A hint that cannot be read is none.
        }
    }

    public void Returned(BusAddress to, SendId id) => links.Tell(new LinkMessage.Returned(to, id));

    public void Confirmed(SendId id, bool accepted)
    {
        if (accepted)
        {
            links.Tell(new LinkMessage.Confirmed(id));
        }
    }
}
