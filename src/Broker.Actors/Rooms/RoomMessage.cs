using Broker.Actors.Dialects;
using Broker.Messages;

namespace Broker.Actors.Rooms;

/// <summary>What a node's room tells the room of a loop, in one queue with the frames: that leaves neither a gap nor a double.</summary>
internal abstract record RoomMessage
{
    private RoomMessage()
    {
    }

    /// <param name="Missed">Events that the subscriber gets before those that follow in the queue.</param>
    internal sealed record Joined(Subscription Subscription, object? Call, SubscribeResult Result, ChannelEvent[] Missed) : RoomMessage;

    /// <summary>A frame that was encoded on another loop; shared by all loops, changed by none.</summary>
    /// <param name="Slot">The encoding's place in the node's room.</param>
    /// <param name="Except">A session that does not get it.</param>
    /// <param name="ReceivedAt">As <see cref="Channels.Cause.ReceivedAt"/>.</param>
    internal sealed record Framed(int Slot, byte[] Frame, SessionId? Except, long ReceivedAt) : RoomMessage;

    internal sealed record Refused(Subscription Subscription, object? Call, Refusal Refusal) : RoomMessage;
}
