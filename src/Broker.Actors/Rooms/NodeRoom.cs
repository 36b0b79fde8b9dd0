using Broker.Actors.Channels;
using Broker.Actors.Dialects;
using Broker.Actors.Loops;
using Broker.Actors.Shards;
using Broker.Messages;

namespace Broker.Actors.Rooms;

/// <summary>
/// The subscribers of a channel on this node, on the loop of the channel's shard: takes the owner's events in order,
/// encodes each once per encoding, and passes it to the rooms of the loops. Sees to it that a subscriber gets every
/// event after its position, once.
/// </summary>
internal sealed class NodeRoom(ChannelName channel, IRoomShard shard, int loops) : WheelTimer
{
    private readonly LoopRoom?[] _loopRooms = new LoopRoom?[loops];
    private readonly int[] _perLoop = new int[loops];
    private readonly List<EncodingSlot> _slots = [];
    private readonly List<ShardMessage.Subscribe> _waiting = [];
    private readonly Dictionary<long, ShardMessage.Subscribe> _joining = [];
    private readonly Dictionary<SessionId, MemberClaim> _members = [];
    private ChannelStream? _stream;
    private bool _ownsStream;
    private bool _hasAsked;
    private long _nextTicket;

    public ChannelName Channel => channel;

    /// <summary>Subscriptions on this node.</summary>
    public int Count { get; private set; }

    /// <summary>True while somebody is here or on the way in.</summary>
    public bool IsUsed => Count > 0 || _waiting.Count > 0 || _joining.Count > 0;

    // From sessions

    public void Subscribe(ShardMessage.Subscribe subscribe)
    {
        if (subscribe.Subscription.Member is { } member)
        {
            // Taken by the owner first: a subscriber who is present is present everywhere when its answer comes.
            AskInterest();
            var ticket = ++_nextTicket;
            _joining.Add(ticket, subscribe);
            _members[subscribe.Subscription.Session.Id] = member;
            shard.ToOwner(channel, new ChannelInput.Join(subscribe.Subscription.Session.Id, member.UserId, member.Info, ticket));
            return;
        }

        Enter(subscribe);
    }

    public void Leave(ShardMessage.Leave leave)
    {
        var subscription = leave.Subscription;
        if (!subscription.IsAdmitted)
        {
            DropWaiting(subscription);
            DropJoining(subscription);
        }
        else
        {
            subscription.IsAdmitted = false;
            var loop = subscription.Session.Loop.Index;
            _slots[subscription.Slot].Remove(loop);
            _perLoop[loop]--;
            Count--;
            shard.ToOwner(channel, new ChannelInput.Count(shard.Self, Count));
        }

        if (subscription.Member is { } member)
        {
            if (leave.IsLost)
            {
                shard.LeaveAfterGrace(channel, subscription.Session.Id, member.UserId);
            }
            else
            {
                EndMember(subscription.Session.Id, member);
            }
        }

        LingerIfUnused();
    }

    /// <summary>A lost member's grace is over.</summary>
    public void EndGrace(SessionId session, string userId)
    {
        if (_members.TryGetValue(session, out var member) && member.UserId == userId)
        {
            _members.Remove(session);
        }
    }

    // From the channel's owner

    public void Take(ChannelEvent ordered)
    {
        if (_ownsStream)
        {
            _stream!.Append(ordered);
        }

        if (Count == 0)
        {
            return;
        }

        var frames = new byte[]?[_slots.Count];
        for (var slot = 0; slot < frames.Length; slot++)
        {
            if (_slots[slot].Total > 0)
            {
                frames[slot] = RoomFrames.EncodeOrReset(ordered, _slots[slot].Encoding, shard.Loop);
            }
        }

        ToLoops(new RoomFrames(frames, ordered.Except));
    }

    public void Take(RoomInput input)
    {
        switch (input)
        {
            case RoomInput.Interested interested: Begin(interested); break;
            case RoomInput.MemberCame came: Tell(new RoomNotice.MemberJoined(channel, came.Member)); break;
            case RoomInput.MemberWent went: Tell(new RoomNotice.MemberLeft(channel, went.UserId)); break;
            case RoomInput.JoinAnswered answered: Joined(answered); break;
        }
    }

    /// <summary>Asks the owner anew: after the owner's state was lost, or another node owns the channel.</summary>
    public void AskAgain()
    {
        _hasAsked = false;
        AskInterest();
        shard.ToOwner(channel, new ChannelInput.Count(shard.Self, Count));
        foreach (var (session, member) in _members)
        {
            shard.ToOwner(channel, new ChannelInput.Join(session, member.UserId, member.Info, Ticket: 0, IsAgain: true));
        }
    }

    /// <summary>The owner could not answer: nobody is left waiting, and the next subscriber asks anew.</summary>
    public void Lost()
    {
        _hasAsked = false;
        while (_waiting.Count > 0)
        {
            var waiting = _waiting[^1];
            _waiting.RemoveAt(_waiting.Count - 1);
            Refuse(waiting, Refusal.Unavailable);
        }
    }

    protected internal override void Fire()
    {
        if (!IsUsed)
        {
            shard.Forget(this);
        }
    }

    private void LingerIfUnused()
    {
        if (!IsUsed)
        {
            shard.Linger(this);
        }
    }

    private void AskInterest()
    {
        if (!_hasAsked)
        {
            _hasAsked = true;
            shard.ToOwner(channel, new ChannelInput.Interest(shard.Self, _stream?.Position));
        }
    }

    private void Enter(ShardMessage.Subscribe subscribe)
    {
        AskInterest();
        if (!_hasAsked)
        {
            Refuse(subscribe, Refusal.Unavailable);
        }
        else if (_stream is null)
        {
            _waiting.Add(subscribe);
        }
        else
        {
            Admit(subscribe);
        }
    }

    private void Begin(RoomInput.Interested interested)
    {
        var isContinued = _stream is null || (interested.Missed is not null && _stream.Position.Epoch.Life == interested.Position.Epoch.Life);
        if (interested.Stream is { } local)
        {
            _stream = local;
            _ownsStream = false;
        }
        else if (_stream is not null && isContinued && _ownsStream)
        {
            foreach (var missed in interested.Missed ?? [])
            {
                Take(missed);
            }
        }
        else
        {
            _stream = shard.NewStream(channel, interested);
            _ownsStream = true;
        }

        if (!isContinued)
        {
            Tell(new RoomNotice.Reset(channel, interested.Position));
        }

        // One by one: a dialect that is told may end other subscriptions that wait here.
        while (_waiting.Count > 0)
        {
            var first = _waiting[0];
            _waiting.RemoveAt(0);
            Admit(first);
        }
    }

    private void Joined(RoomInput.JoinAnswered answered)
    {
        if (!_joining.Remove(answered.Ticket, out var subscribe))
        {
            return;   // it left before it was in
        }

        if (answered.Refusal == Refusal.None)
        {
            Enter(subscribe);
        }
        else
        {
            Refuse(subscribe, answered.Refusal);
        }
    }

    private void Admit(ShardMessage.Subscribe subscribe)
    {
        var subscription = subscribe.Subscription;
        var loop = subscription.Session.Loop.Index;
        subscription.IsAdmitted = true;
        subscription.Slot = SlotOf(subscription.Encoding);
        _slots[subscription.Slot].Add(loop);
        _perLoop[loop]++;
        Count++;
        shard.ToOwner(channel, new ChannelInput.Count(shard.Self, Count));
        var recovery = subscribe.Since is { } since ? _stream!.Recover(since) : Recovery.None;
        var result = new SubscribeResult(Refusal.None, _stream!.Position, recovery.Recovered);
        LoopRoomOf(subscription).TellOrCall(new RoomMessage.Joined(subscription, subscribe.Call, result, recovery.Missed));
    }

    private void DropJoining(Subscription subscription)
    {
        foreach (var (ticket, subscribe) in _joining)
        {
            if (subscribe.Subscription == subscription)
            {
                _joining.Remove(ticket);   // allowed while enumerating
                Refuse(subscribe, Refusal.NotSubscribed);
            }
        }
    }

    private void DropWaiting(Subscription subscription)
    {
        if (_waiting.FindIndex(waiting => waiting.Subscription == subscription) is >= 0 and var index)
        {
            var waiting = _waiting[index];
            _waiting.RemoveAt(index);
            Refuse(waiting, Refusal.NotSubscribed);
        }
    }

    private void Refuse(ShardMessage.Subscribe subscribe, Refusal refusal)
    {
        if (subscribe.Subscription.Member is { } member && refusal != Refusal.NotSubscribed)
        {
            EndMember(subscribe.Subscription.Session.Id, member);
        }

        LoopRoomOf(subscribe.Subscription).TellOrCall(new RoomMessage.Refused(subscribe.Subscription, subscribe.Call, refusal));
        LingerIfUnused();
    }

    private void EndMember(SessionId session, MemberClaim member)
    {
        _members.Remove(session);
        shard.ToOwner(channel, new ChannelInput.Leave(session, member.UserId));
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

    private LoopRoom LoopRoomOf(Subscription subscription)
    {
        var loop = subscription.Session.Loop.Index;
        return _loopRooms[loop] ??= shard.NewLoopRoom(loop, channel);
    }

    private void Tell(RoomNotice notice)
    {
        var frames = new byte[]?[_slots.Count];
        for (var slot = 0; slot < frames.Length; slot++)
        {
            if (_slots[slot].Total > 0)
            {
                frames[slot] = RoomFrames.TryEncode(notice, _slots[slot].Encoding, shard.Loop);
            }
        }

        if (frames.AsSpan().ContainsAnyExcept((byte[]?)null))
        {
            ToLoops(new RoomFrames(frames, Except: null));
        }
    }

    private void ToLoops(RoomFrames frames)
    {
        for (var loop = 0; loop < _perLoop.Length; loop++)
        {
            if (_perLoop[loop] > 0)
            {
                _loopRooms[loop]!.TellOrCall(frames);
            }
        }
    }
}
