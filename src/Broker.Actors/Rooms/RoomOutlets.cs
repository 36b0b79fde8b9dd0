using Broker.Actors.Loops;
using Broker.Messages;

namespace Broker.Actors.Rooms;

/// <summary>
/// Where a room's events and notices go: to the rooms of the loops that have subscribers, as frames that are made once for each encoding
/// among them.
/// </summary>
internal sealed class RoomOutlets(ChannelName channel, IRoomShard shard, int loops)
{
    private readonly List<EncodingSlot> _slots = [];
    private readonly LoopRoom?[] _loopRooms = new LoopRoom?[loops];

    public void Add(Subscription subscription)
    {
        subscription.Slot = SlotOf(subscription.Encoding);
        _slots[subscription.Slot].Add(subscription.Session.Loop.Index);
    }

    public void Remove(Subscription subscription) => _slots[subscription.Slot].Remove(subscription.Session.Loop.Index);

    /// <summary>The room of the subscriber's loop.</summary>
    public LoopRoom Of(Subscription subscription)
    {
        var loop = subscription.Session.Loop.Index;
        return _loopRooms[loop] ??= shard.NewLoopRoom(loop, channel);
    }

    /// <param name="receivedAt">When the node received what became the event; 0 where that is not known.</param>
    public void Pass(ChannelEvent ordered, long receivedAt)
    {
        for (var slot = 0; slot < _slots.Count; slot++)
        {
            if (_slots[slot].Total > 0)
            {
                ToLoops(slot, RoomEncoder.EncodeOrReset(ordered, _slots[slot].Encoding, shard.Loop), ordered.Except, receivedAt);
            }
        }
    }

    public void Tell(RoomNotice notice)
    {
        for (var slot = 0; slot < _slots.Count; slot++)
        {
            if (_slots[slot].Total > 0)
            {
                ToLoops(slot, RoomEncoder.Encode(notice, _slots[slot].Encoding, shard.Loop), except: null, receivedAt: 0);
            }
        }
    }

    private int SlotOf(in EncodingKey encoding)
    {
        for (var slot = 0; slot < _slots.Count; slot++)
        {
            if (_slots[slot].Encoding == encoding)
            {
                return slot;
            }
        }

        _slots.Add(new EncodingSlot(encoding, loops));
        return _slots.Count - 1;
    }

    /// <summary>On its own loop the frame goes by reference; what goes to others outlives this loop's tick.</summary>
    private void ToLoops(int slot, in FrameSlice frame, SessionId? except, long receivedAt)
    {
        if (frame.IsEmpty)
        {
            return;
        }

        RoomMessage.Framed? shared = null;
        for (var loop = 0; loop < loops; loop++)
        {
            if (_slots[slot].On(loop) == 0)
            {
                continue;
            }

            if (loop == shard.Loop.Index)
            {
                _loopRooms[loop]!.Take(slot, frame, except, receivedAt);
            }
            else
            {
                _loopRooms[loop]!.Tell(shared ??= new RoomMessage.Framed(slot, frame.Span.ToArray(), except, receivedAt));
            }
        }
    }
}
