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

    /// <summary>Ordered emits that wait for their holders, oldest first; null before the first.</summary>
    public Queue<Unheld>? Unheld { get; set; }

    /// <summary>The standby holds the channel's events up to this offset.</summary>
    public long HeldByStandby { get; set; }

    /// <summary>The node that is being filled does.</summary>
    public long HeldByNext { get; set; }

    /// <summary>True once the standby has been told of the channel: it gets every event.</summary>
    public bool IsSentToStandby { get; set; }

    /// <summary>True once the node that is being filled has been told.</summary>
    public bool IsSentToNext { get; set; }

    /// <summary>The channel's place among the idle ones; in no list while there is nothing to drop.</summary>
    public LinkedListNode<ChannelPlace> InLine { get; }

    public bool IsInLine { get; set; }

    /// <summary>When the channel was last busy, in the loop's milliseconds; to about a second.</summary>
    public long TouchedMs { get; set; }

    /// <summary>When the channel was last looked at for what is too old.</summary>
    public long LookedMs { get; set; }
}
