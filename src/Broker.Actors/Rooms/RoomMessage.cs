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

    internal sealed record Refused(Subscription Subscription, object? Call, Refusal Refusal) : RoomMessage;
}
