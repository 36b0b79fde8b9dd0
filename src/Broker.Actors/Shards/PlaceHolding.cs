namespace Broker.Actors.Shards;

/// <summary>What an owner knows of the nodes that hold one channel's events besides itself.</summary>
internal sealed class PlaceHolding
{
    /// <summary>Ordered emits that wait for their holders, oldest first.</summary>
    public Queue<Unheld> Unheld { get; } = [];

    /// <summary>The standby holds the channel's events up to this offset.</summary>
    public long HeldByStandby { get; set; }

    /// <summary>The node that is being filled does.</summary>
    public long HeldByNext { get; set; }

    /// <summary>True once the standby has been told of the channel: it gets every event.</summary>
    public bool IsSentToStandby { get; set; }

    /// <summary>True once the node that is being filled has been told.</summary>
    public bool IsSentToNext { get; set; }
}
