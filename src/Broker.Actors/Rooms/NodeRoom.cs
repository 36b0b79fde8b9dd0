using System.Diagnostics;
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
    // A node may have a million rooms with a subscriber or none: what few of them need is made when it is needed.
    private RoomOutlets? _outlets;
    private RoomArrivals? _arrivals;
    private Dictionary<SessionId, MemberClaim>? _members;
    private ChannelStream? _stream;
    private RoomFollower? _follower;
    private RoomMembers? _present;
    private bool _hasAsked;
    private bool _isConfirmed = true;
    private Position? _askedFrom;
    private long _nextTicket;
    private int _toldCount;

    public ChannelName Channel => channel;

    /// <summary>Subscriptions on this node.</summary>
    public int Count { get; private set; }

    /// <summary>This node's copy of the stream; null where it owns the channel, or has nothing of it yet.</summary>
    public RoomFollower? Copy => _follower;

    /// <summary>True while the node holds the channel's events for its owner, whether it has subscribers or not.</summary>
    public bool IsKept { get; private set; }

    /// <summary>True when the owner sends its events because of subscribers here, or was asked to.</summary>
    public bool HasAsked => _hasAsked;

    /// <summary>True while somebody is here or on the way in.</summary>
    public bool IsUsed => Expected > 0;

    /// <summary>Subscriptions on this node, and those on the way in: the owner counts them before they are answered.</summary>
    private int Expected => Count + (_arrivals?.Count ?? 0);

    private RoomOutlets Outlets => _outlets ??= new RoomOutlets(channel, shard, loops);

    private RoomArrivals Arrivals => _arrivals ??= new RoomArrivals();

    /// <summary>Null on the channel's owner, unless the room knew who is here before.</summary>
    private RoomMembers? Present => _present ??= shard.IsOwner ? null : new RoomMembers(shard);

    // From sessions

    public void Subscribe(ShardMessage.Subscribe subscribe)
    {
        if (subscribe.Subscription.Member is { } member)
        {
            // Taken by the owner first: a subscriber who is present is present everywhere when its answer comes.
            AskInterest(subscribe.Since, Expected + 1);
            var ticket = ++_nextTicket;
            Arrivals.Joining.Add(ticket, subscribe);
            (_members ??= [])[subscribe.Subscription.Session.Id] = member;
            shard.ToOwner(channel, new ChannelInput.Join(subscribe.Subscription.Session.Id, member.UserId, member.Info, ticket));
            TellCount();
            return;
        }

        Enter(subscribe);
    }

    public void Leave(ShardMessage.Leave leave)
    {
        var subscription = leave.Subscription;
        if (!subscription.IsAdmitted)
        {
            if (_arrivals?.Take(subscription) is { } late)
            {
                Refuse(late, Refusal.NotSubscribed);
            }
        }
        else
        {
            subscription.IsAdmitted = false;
            Outlets.Remove(subscription);
            Count--;
            TellCount();
        }

        if (subscription.Member is { } member)
        {
            if (leave.IsLost && shard.Rules.LostMembersStay)
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
        if (_members?.TryGetValue(session, out var member) == true && member.UserId == userId)
        {
            _members.Remove(session);
        }
    }

    // From the channel's owner

    public void Take(ChannelEvent ordered, in Cause cause)
    {
        if (_follower is null)
        {
            Pass(ordered, cause);
        }
        else
        {
            Follow(ordered, cause);
        }
    }

    /// <summary>
    /// Holds all that the owner holds: its window, and from now on its events. What the room's subscribers have is continued,
    /// or they are told that it is not.
    /// </summary>
    public void Keep(RoomInput.Interested filled, IReadOnlyList<ChannelEvent> window, IReadOnlyList<EmitId> numbers)
    {
        IsKept = true;
        var have = _stream is { } stream && _follower is not null ? stream.Position : default(Position?);
        var isKnown = have is { } mine
            && mine.Epoch.Life == filled.Position.Epoch.Life
            && mine.Offset <= filled.Position.Offset
            && (mine.Offset == 0 || StreamTerms.Contains(filled.Boundaries, mine, filled.Position.Offset))
            && (mine.Offset == filled.Position.Offset || (window.Count > 0 && window[0].Offset <= mine.Offset + 1));
        var missed = have is null ? [.. window] : isKnown ? window.Where(one => one.Offset > have.Value.Offset).ToArray() : null;
        Begin(filled with { Missed = missed });
        _follower!.Note(numbers);
        var later = _stream!.Window.Read(channel, filled.Position.Offset + 1, int.MaxValue);
        if (filled.Position.Offset + later.Length == _stream.Offset && _stream.Window.Count < window.Count + later.Length)
        {
            _stream.Refill([.. window, .. later]);
        }
    }

    /// <summary>Others hold the channel's events. True when the room is of no use any more.</summary>
    public bool Unkeep()
    {
        IsKept = false;
        return !IsUsed && !_hasAsked;
    }

    /// <summary>The owner need not send its events to this room any more; where the node holds them, it does all the same.</summary>
    public void Rest() => _hasAsked = false;

    /// <summary>The room is gone, and its copy with it.</summary>
    public void Drop() => _follower?.Drop();

    public void Take(RoomInput input)
    {
        switch (input)
        {
            case RoomInput.Interested interested when IsOfAnOlderPlace(interested): AskFromHere(); break;
            case RoomInput.Interested interested: Begin(interested); break;
            case RoomInput.MemberCame came: MemberCame(came.Member); break;
            case RoomInput.MemberWent went: MemberWent(went.UserId); break;
            case RoomInput.MemberList list: MembersAre(list.Members); break;
            case RoomInput.MemberDigests digests: Compare(digests); break;
            case RoomInput.MemberBuckets buckets: MembersAre(buckets); break;
            case RoomInput.Recovered recovered: Recovered(recovered); break;
            case RoomInput.JoinAnswered answered: Joined(answered); break;
        }
    }

    /// <summary>Says all again: to an owner that lost its state, to another owner, or after a break on the way to it.</summary>
    public void AskAgain()
    {
        if (!_hasAsked && !IsUsed)
        {
            return;   // it is here for its events alone
        }

        _hasAsked = false;
        AskInterest(_arrivals is { Waiting: [var first, ..] } ? first.Since : null, Expected);
        var tickets = _arrivals?.Joining.ToDictionary(joining => joining.Value.Subscription.Session.Id, joining => joining.Key);
        foreach (var (session, member) in _members?.ToArray() ?? [])
        {
            var ticket = tickets?.GetValueOrDefault(session) ?? 0;
            shard.ToOwner(channel, new ChannelInput.Join(session, member.UserId, member.Info, ticket, IsAgain: ticket == 0));
        }

        if (shard.Rules.OwnersJudgeWhoIsAhead)
        {
            DoubtBehind();
        }

        foreach (var (ticket, subscribe) in _arrivals?.Recovering.ToArray() ?? [])
        {
            shard.ToOwner(channel, new ChannelInput.Recover(shard.Self, subscribe.Since!.Value, ticket));
        }
    }

    /// <summary>Another node owns the channel from now on: its stream goes on here as a copy.</summary>
    /// <param name="numbers">The last number of each node's emits that the owner has taken.</param>
    /// <param name="isKept">True: it is held until others hold it, even where nobody here subscribes.</param>
    public void OwnerMoved(ChannelActor late, IReadOnlyList<EmitId> numbers, bool isKept)
    {
        if (_stream is null && _follower is null)
        {
            _stream = late.Stream;
        }

        if (_stream == late.Stream)
        {
            _follower = new RoomFollower(late.Stream, numbers, shard.Rules);
            if (IsUsed || _present is not null)
            {
                (_present ??= new RoomMembers(shard)).Follow(IsUsed ? late.Members.All() : null);
            }

            IsKept = isKept;
        }
        else
        {
            late.Stream.Window.Clear();   // it had begun anew, and nobody here has followed it yet
        }
    }

    /// <summary>Another node orders from now on, or may: until it says where the stream stands, what this room has may not be part of it.</summary>
    public void Doubt() => _isConfirmed = false;

    /// <summary>The owner could not answer: nobody is left waiting, and the next subscriber asks anew.</summary>
    public void Lost()
    {
        _hasAsked = false;
        while (_arrivals is { Waiting: [.., var waiting] waitingOnes })
        {
            waitingOnes.RemoveAt(waitingOnes.Count - 1);
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

    private void TellCount()
    {
        if (_toldCount != Expected)
        {
            _toldCount = Expected;
            shard.ToOwner(channel, new ChannelInput.Count(shard.Self, Expected));
        }
    }

    private void LingerIfUnused()
    {
        if (!IsUsed)
        {
            shard.Linger(this);
        }
    }

    /// <param name="since">Where the first subscriber wants to go on: another node sends what it lacks, this one need not.</param>
    /// <param name="subscribers">As many as there are to be counted.</param>
    private void AskInterest(Position? since, int subscribers)
    {
        if (!_hasAsked)
        {
            _hasAsked = true;
            _askedFrom = _stream?.Position;
            _toldCount = subscribers;
            _present?.Ask();
            shard.ToOwner(channel, new ChannelInput.Interest(
                shard.Self, _stream?.Position ?? (shard.IsOwner ? null : since), subscribers, KnowsMembers: _present is { HasTold: true }));
        }
    }

    private void Enter(ShardMessage.Subscribe subscribe)
    {
        AskInterest(subscribe.Since, Expected + 1);
        if (!_hasAsked)
        {
            Refuse(subscribe, Refusal.Unavailable);
        }
        else if (_stream is null)
        {
            Arrivals.Waiting.Add(subscribe);
            TellCount();
        }
        else
        {
            Admit(subscribe);
        }
    }

    private void Begin(RoomInput.Interested interested)
    {
        _isConfirmed = true;
        var isContinued = _stream is null
            || (_stream.Epoch.Life == interested.Position.Epoch.Life && (interested.Missed is not null || IsWhere(interested) || IsAhead(interested)));
        if (isContinued && _follower is not null)
        {
            foreach (var missed in interested.Missed ?? [])
            {
                Follow(missed, default);
            }

            _follower.Repaired();
            if (IsWhere(interested))
            {
                _stream!.Follow(interested.Boundaries);
            }
        }

        if (interested.Stream is { } local)
        {
            if (_follower is not null && _follower.Stream != local)
            {
                _follower.Drop();
            }

            _follower = null;
            _stream = local;
        }
        else if (!isContinued || _follower is null)
        {
            _follower?.Drop();
            _follower = shard.NewFollower(channel, interested);
            _stream = _follower.Stream;
        }

        if (!isContinued && shard.Rules.RoomsTellResets)
        {
            Tell(new RoomNotice.Reset(channel, interested.Position));
        }

        AdmitCaughtUp(all: !isContinued);

        // One by one: a dialect that is told may end other subscriptions that wait here.
        while (_arrivals is { Waiting: [var first, ..] waiting })
        {
            waiting.RemoveAt(0);
            Admit(first);
        }
    }

    /// <summary>True when the owner cannot continue a place at which the room, which is in its stream, does not stand any more.</summary>
    private bool IsOfAnOlderPlace(RoomInput.Interested interested) =>
        interested is { Stream: null, Missed: null }
        && _follower is not null
        && _stream!.Position is var mine
        && interested.Asked != mine
        && mine.Epoch.Life == interested.Position.Epoch.Life
        && mine.Offset < interested.Position.Offset
        && StreamTerms.Contains(interested.Boundaries, mine, interested.Position.Offset);

    /// <summary>Once for a place: the answer to it is under way.</summary>
    private void AskFromHere()
    {
        if (_askedFrom != _stream!.Position)
        {
            _askedFrom = _stream.Position;
            shard.ToOwner(channel, new ChannelInput.Repair(shard.Self, _askedFrom.Value));
        }
    }

    /// <summary>True when the answer was overtaken: the room has later events of the same owner.</summary>
    private bool IsAhead(RoomInput.Interested interested) =>
        _follower is not null
        && interested.Boundaries.Count > 0
        && _stream!.Offset > interested.Position.Offset
        && _stream.LastTerm == interested.Boundaries[^1].Term;

    /// <summary>True when the answer is to an older question: the room stands where the owner stands.</summary>
    private bool IsWhere(RoomInput.Interested interested) =>
        _follower is not null && _stream!.Offset == interested.Position.Offset && _stream.LastTerm == interested.LastTerm;

    private void Joined(RoomInput.JoinAnswered answered)
    {
        if (_arrivals is null || !_arrivals.Joining.Remove(answered.Ticket, out var subscribe))
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
        var recovery = subscribe.Since is { } since ? _stream!.Recover(since) : Recovery.None;
        if (subscribe.Since is { } unknown && _follower is not null && !(recovery.Recovered && _isConfirmed))
        {
            // The owner's window may reach further back than the copy, and it knows what the stream has.
            var ticket = ++_nextTicket;
            Arrivals.Recovering.Add(ticket, subscribe);
            shard.ToOwner(channel, new ChannelInput.Recover(shard.Self, unknown, ticket));
            return;
        }

        if (!recovery.Recovered && !shard.IsSure && subscribe.Since is { } ahead && ahead.Epoch.Life == _stream!.Epoch.Life && ahead.Offset > _stream.Offset)
        {
            Arrivals.Behind.Add(subscribe);   // another node may order the channel by now, and the client has seen more of it
            shard.AskWhenSure(this);
            return;
        }

        Admit(subscribe, recovery);
    }

    private void Recovered(RoomInput.Recovered recovered)
    {
        if (_arrivals is null || !_arrivals.Recovering.Remove(recovered.Ticket, out var subscribe))
        {
            return;
        }

        if (recovered.Recovery.Recovered && subscribe.Since!.Value.Epoch.Life == _stream!.Epoch.Life && subscribe.Since.Value.Offset > _stream.Offset)
        {
            Arrivals.Behind.Add(subscribe);   // the client has seen more than this room has yet
            return;
        }

        // The room may be behind a gap: what is after it comes by and by, as to every other subscriber.
        var isSame = recovered.Recovery.Recovered && subscribe.Since!.Value.Epoch.Life == _stream!.Epoch.Life && subscribe.Since.Value.Offset <= _stream.Offset;
        Admit(subscribe, isSame
            ? new Recovery(Recovered: true, [.. recovered.Recovery.Missed.Where(missed => missed.Offset <= _stream!.Offset)])
            : Recovery.None);
    }

    private void Admit(ShardMessage.Subscribe subscribe, in Recovery recovery)
    {
        var subscription = subscribe.Subscription;
        subscription.IsAdmitted = true;
        Outlets.Add(subscription);
        Count++;
        DropEmptyArrivals();
        TellCount();
        var result = new SubscribeResult(Refusal.None, _stream!.Position, recovery.Recovered);
        Outlets.Of(subscription).TellOrCall(new RoomMessage.Joined(subscription, subscribe.Call, result, recovery.Missed));
    }

    /// <summary>Subscribers that had seen more than the room had.</summary>
    /// <param name="all">True: the stream broke, and they are told so.</param>
    public void AdmitCaughtUp(bool all)
    {
        for (var i = 0; i < _arrivals?.Behind.Count;)
        {
            if (all || _arrivals.Behind[i].Since!.Value.Offset <= _stream!.Offset)
            {
                var subscribe = _arrivals.Behind[i];
                _arrivals.Behind.RemoveAt(i);
                Admit(subscribe);
            }
            else
            {
                i++;
            }
        }
    }

    /// <summary>What they have seen may not be part of the stream any more: the owner is asked about each.</summary>
    private void DoubtBehind()
    {
        foreach (var subscribe in _arrivals?.Behind ?? [])
        {
            _arrivals!.Recovering.Add(++_nextTicket, subscribe);
        }

        _arrivals?.Behind.Clear();
    }

    private void Refuse(ShardMessage.Subscribe subscribe, Refusal refusal)
    {
        if (subscribe.Subscription.Member is { } member && refusal != Refusal.NotSubscribed)
        {
            EndMember(subscribe.Subscription.Session.Id, member);
        }

        Outlets.Of(subscribe.Subscription).TellOrCall(new RoomMessage.Refused(subscribe.Subscription, subscribe.Call, refusal));
        DropEmptyArrivals();
        TellCount();
        LingerIfUnused();
    }

    private void DropEmptyArrivals() => _arrivals = _arrivals is { Count: > 0 } ? _arrivals : null;

    private void EndMember(SessionId session, MemberClaim member)
    {
        _members?.Remove(session);
        shard.ToOwner(channel, new ChannelInput.Leave(session, member.UserId));
    }

    private void Follow(ChannelEvent ordered, in Cause cause)
    {
        switch (_follower!.Offer(ordered))
        {
            case RoomFollower.Verdict.Next:
                Pass(ordered, cause);
                while (_follower.TakeHeld() is { } held)
                {
                    Pass(held, default);
                }

                if (IsKept)
                {
                    shard.Holds(this);
                }

                AdmitCaughtUp(all: false);
                break;
            case RoomFollower.Verdict.Gap:
                shard.ToOwner(channel, new ChannelInput.Repair(shard.Self, _stream!.Position));
                break;
        }
    }

    private void Pass(ChannelEvent ordered, in Cause cause)
    {
        using var span = cause.Trace?.Start("deliver", ActivityKind.Internal, channel);
        span?.SetTag("broker.subscriptions", Count);
        _outlets?.Pass(ordered, cause.ReceivedAt);
    }

    private void MemberCame(Member member)
    {
        if (Present?.Came(member) ?? true)
        {
            Tell(new RoomNotice.MemberJoined(channel, member));
        }
    }

    private void MemberWent(string userId)
    {
        if (Present?.Went(userId) ?? true)
        {
            Tell(new RoomNotice.MemberLeft(channel, userId));
        }
    }

    private void MembersAre(IReadOnlyList<Member> members)
    {
        if (Present is { } present)
        {
            TellDifference(present.Are(members));
        }
    }

    /// <summary>Asks who is in the buckets in which it knows others than the owner.</summary>
    private void Compare(RoomInput.MemberDigests owners)
    {
        if (Present?.DifferingFrom(owners) is { Count: > 0 } differing && shard.Rules.RoomsPullMembers)
        {
            Present.Pull();
            shard.ToOwner(channel, new ChannelInput.PullMembers(shard.Self, owners.Key, differing));
        }
    }

    private void MembersAre(RoomInput.MemberBuckets buckets)
    {
        if (Present is { } present)
        {
            TellDifference(present.Are(buckets));
        }
    }

    private void TellDifference((Member[] Came, string[] Went) difference)
    {
        foreach (var member in difference.Came)
        {
            Tell(new RoomNotice.MemberJoined(channel, member));
        }

        foreach (var userId in difference.Went)
        {
            Tell(new RoomNotice.MemberLeft(channel, userId));
        }
    }

    private void Tell(RoomNotice notice) => _outlets?.Tell(notice);
}
