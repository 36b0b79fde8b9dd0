using System.Diagnostics;
using Broker.Actors.Loops;
using Broker.Messages;

namespace Broker.Actors.Rooms;

/// <summary>The subscribers of a channel on one loop. Gets encoded frames from the node's room, and fans out once per tick.</summary>
internal sealed class LoopRoom(LoopRoster roster, ChannelName channel) : Actor(roster.Loop), IDeferred
{
    /// <summary>Members served before others get their turn.</summary>
    private const int Slice = 1_024;

    private const int FewMembers = 4;

    private readonly List<EncodingGroup?> _groups = [];
    private bool _isDeferred;
    private bool _isUnfinished;

    public ChannelName Channel => channel;

    public int Count { get; private set; }

    public IEnumerable<Subscription> Members => _groups.SelectMany(group => group?.Members ?? []);

    protected override void Receive(object message)
    {
        switch (message)
        {
            case RoomMessage.Framed framed: Take(framed.Slot, new FrameSlice(framed.Frame, 0, framed.Frame.Length), framed.Except, framed.ReceivedAt); break;
            case RoomMessage.Joined joined: Admit(joined); break;
            case RoomMessage.Refused refused: refused.Subscription.Session.SubscribeRefused(refused.Subscription, refused.Call, refused.Refusal); break;
            default: throw new UnreachableException();
        }
    }

    /// <summary>Queues a frame for this tick's fan-out.</summary>
    /// <param name="frame">Valid until the tick ends.</param>
    /// <param name="receivedAt">As <see cref="Channels.Cause.ReceivedAt"/>.</param>
    public void Take(int slot, in FrameSlice frame, SessionId? except, long receivedAt)
    {
        if (slot < _groups.Count && _groups[slot] is { Count: > 0 } group)
        {
            // A room that goes on in the next tick is not served again in this one.
            var kept = _isUnfinished ? frame.Owned() : frame;
            var emitting = except is { } emitter ? SubscriptionOf(emitter, group) : null;
            group.Add(kept, emitting);
            Loop.Tally.Delivered(emitting?.Group == group ? group.Count - 1 : group.Count);
            Loop.Tally.EventDelivered(receivedAt);
            Schedule();
            if (group.PendingBytes > roster.BurstBytes)
            {
                Loop.EndReading();
            }
        }
    }

    /// <summary>Queues a notice that began on this loop; returns the number of members that get it.</summary>
    public int Tell(RoomNotice notice)
    {
        var told = 0;
        foreach (var group in _groups)
        {
            if (group is { Count: > 0 } && RoomEncoder.Encode(notice, group.Encoding, Loop) is { IsEmpty: false } frame)
            {
                group.Add(_isUnfinished ? frame.Owned() : frame, except: null);
                told += group.Count;
            }
        }

        Loop.Tally.Delivered(told);
        Schedule();
        return told;
    }

    public void Remove(Subscription subscription)
    {
        if (subscription.Group is null)
        {
            return;
        }

        Loop.Tally.Subscribed(-1);
        subscription.Group.Remove(subscription);
        subscription.Room = null;
        if (--Count == 0)
        {
            roster.Rooms.Remove(this);
        }
    }

    /// <summary>The Rooms phase: everybody gets what has gathered, or the next slice of a large room does.</summary>
    public void Run()
    {
        _isDeferred = false;
        var isDone = true;
        foreach (var group in _groups)
        {
            if (group is { HasWork: true })
            {
                isDone &= group.FanOut(Loop.Log, Slice);
            }
        }

        if (!isDone && !_isDeferred)
        {
            _isDeferred = true;
            Loop.DeferToNextTick(this);
        }

        if (isDone && _isUnfinished)
        {
            roster.Unfinished.Remove(this);
        }
        else if (!isDone && !_isUnfinished)
        {
            roster.Unfinished.Add(this);
        }

        _isUnfinished = !isDone;
    }

    private void Admit(RoomMessage.Joined joined)
    {
        var subscription = joined.Subscription;
        if (!subscription.Session.IsCurrent(subscription))
        {
            subscription.Session.AnswerLate(subscription, joined.Call, joined.Result);
            return;   // it has left meanwhile, and the node's room has been told
        }

        while (_groups.Count <= subscription.Slot)
        {
            _groups.Add(null);
        }

        (_groups[subscription.Slot] ??= new EncodingGroup(subscription.Encoding)).Add(subscription);
        subscription.Room = this;
        Loop.Tally.Subscribed(1);
        if (++Count == 1)
        {
            roster.Rooms.Add(this);
        }

        subscription.Session.Joined(joined);
    }

    /// <summary>A few members are looked through faster than the emitter's subscriptions: they are about to be served anyway.</summary>
    private Subscription? SubscriptionOf(SessionId emitter, EncodingGroup group) =>
        group.Count <= FewMembers ? group.Find(emitter) : roster.Find(emitter)?.Find(channel);

    private void Schedule()
    {
        if (!_isDeferred)
        {
            _isDeferred = true;
            Loop.Defer(LoopPhase.Rooms, this);
        }
    }
}
