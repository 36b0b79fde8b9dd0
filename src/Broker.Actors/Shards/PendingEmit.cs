using Broker.Actors.Channels;

namespace Broker.Actors.Shards;

/// <summary>An emit of this node that another one orders, as long as it is unanswered.</summary>
internal sealed class PendingEmit(ChannelInput.Emit emit, long number, long takenAtMs)
{
    public ChannelInput.Emit Emit => emit;

    public long Number => number;

    public long TakenAtMs => takenAtMs;

    /// <summary>True once it was given to a link: what became of it then is its owner's to say.</summary>
    public bool IsSent { get; set; }

    /// <summary>True while it need not be sent again.</summary>
    public bool IsOnItsWay { get; set; }

    public bool IsDone { get; set; }
}
