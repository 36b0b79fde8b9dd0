using Broker.Actors.Channels;
using Broker.Actors.Cluster;
using Broker.Actors.Loops;
using Broker.Messages;

namespace Broker.Actors.Rooms;

/// <summary>What a node's room needs of the shard that it belongs to.</summary>
internal interface IRoomShard
{
    /// <summary>The loop that the shard and its rooms live on.</summary>
    Loop Loop { get; }

    /// <summary>The room's own node.</summary>
    Incarnation Self { get; }

    /// <summary>Tells the channel at its owner, wherever that is; in order. On the owner's node it is carried out before this returns.</summary>
    void ToOwner(ChannelName channel, ChannelInput input);

    /// <summary>The room of a loop, to which a room's frames go.</summary>
    LoopRoom NewLoopRoom(int loop, ChannelName channel);

    ProtocolRules Rules { get; }

    /// <summary>True where this node orders the channel's events.</summary>
    bool IsOwner { get; }

    /// <summary>Begins a copy of the stream of a channel that another node owns.</summary>
    RoomFollower NewFollower(ChannelName channel, RoomInput.Interested interested);

    /// <summary>The room has had no subscriber for a while.</summary>
    void Forget(NodeRoom room);

    /// <summary>A member whose connection was lost leaves after the grace.</summary>
    void LeaveAfterGrace(ChannelName channel, SessionId session, string userId);

    /// <summary>False where this node owns the channel as far as it knows, but might have been relieved without hearing of it.</summary>
    bool IsSure { get; }

    /// <summary>Has the room admit those who wait for it once <see cref="IsSure"/> is true.</summary>
    void AskWhenSure(NodeRoom room);

    /// <summary>The room holds more of its channel's events than before: the owner waits to hear it.</summary>
    void Holds(NodeRoom room);

    void Linger(NodeRoom room);
}
