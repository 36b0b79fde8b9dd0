using System.Diagnostics;
using Broker.Actors.Loops;
using Broker.Messages;

namespace Broker.Actors.Rooms;

/// <summary>The subscribers of a channel on one loop. Gets encoded frames from the node's room, and fans out once per tick.</summary>
internal sealed class LoopRoom(LoopRoster roster, ChannelName channel) : Actor(roster.Loop), IDeferred
{
    /// <summary>Members served before others get their turn.</summary>
    private const int Slice = 1_024;

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
            case RoomFrames frames: Take(frames); break;
            case RoomMessage.Joined joined: Admit(joined); break;
            case RoomMessage.Refused refused: refused.Subscription.Session.SubscribeRefused(refused.Subscription, refused.Call, refused.Refusal); break;
            default: throw new UnreachableException();
        }
    }

    /// <summary>Queues a notice that began on this loop; returns the number of members that get it.</summary>
    public int Tell(RoomNotice notice)
    {
        var told = 0;
        foreach (var group in _groups)
        {
            if (group is { Count: > 0 } && RoomFrames.TryEncode(notice, group.Encoding, Loop) is { } frame)
            {
                group.Add(frame, except: null);
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

        if (!isDone)
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

    private void Take(RoomFrames frames)
    {
        if (Count == 0)
        {
            return;
        }

        var copies = 0;
        var except = frames.Except is { } id && roster.Find(id) is { } session ? session.Find(channel) : null;
        for (var slot = 0; slot < _groups.Count && slot < frames.BySlot.Length; slot++)
        {
            if (_groups[slot] is { Count: > 0 } group && frames.BySlot[slot] is { } frame)
            {
                group.Add(frame, except);
                copies += except?.Group == group ? group.Count - 1 : group.Count;
            }
        }

        Loop.Tally.Delivered(copies);
        Loop.Tally.EventDelivered(frames.ReceivedAt);
        Schedule();
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

    private void Schedule()
    {
        if (!_isDeferred)
        {
            _isDeferred = true;
            Loop.Defer(LoopPhase.Rooms, this);
        }
    }
}
