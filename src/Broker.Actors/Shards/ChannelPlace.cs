using Broker.Actors.Channels;
using Broker.Actors.Rooms;
using Broker.Messages;

namespace Broker.Actors.Shards;

/// <summary>What a shard has of one channel: this node's room, and the channel itself where this node owns it. One look finds both.</summary>
internal sealed class ChannelPlace
{
    public ChannelPlace(ChannelName name)
    {
        Name = name;
        InLine = new LinkedListNode<ChannelPlace>(this);
    }

    public ChannelName Name { get; }

    public NodeRoom? Room { get; set; }

    public ChannelActor? Channel { get; set; }

    /// <summary>What is known of those who hold the channel's events besides this node; null on a node alone, whose places stay small.</summary>
    public PlaceHolding? Holding { get; set; }

    /// <summary>The same, made where there was none.</summary>
    public PlaceHolding MadeHolding => Holding ??= new PlaceHolding();

    /// <summary>The channel's place among the idle ones; in no list while there is nothing to drop.</summary>
    public LinkedListNode<ChannelPlace> InLine { get; }

    public bool IsInLine { get; set; }

    /// <summary>When the channel was last busy, in the loop's milliseconds; to about a second.</summary>
    public long TouchedMs { get; set; }

    /// <summary>When the channel was last looked at for what is too old.</summary>
    public long LookedMs { get; set; }
}
