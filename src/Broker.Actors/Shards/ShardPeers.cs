using Broker.Actors.Channels;
using Broker.Actors.Loops;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>
/// The other nodes of a shard that this node owns: takes what they say, once, and tells their rooms what the channels
/// want them told. After a take-over it says nothing of members until every live node has announced its own.
/// </summary>
internal sealed class ShardPeers(ShardActor shard)
{
    /// <summary>Milliseconds that questions for members wait for those whom live nodes have; less than who asks waits for the answer.</summary>
    private const long WaitForMembersMs = 2_000;

    /// <summary>Members of one channel that are told at once.</summary>
    private const int ManyMembers = 1_000;

    private readonly Dictionary<Incarnation, Announcement> _announcing = [];
    private readonly HashSet<Incarnation> _uncovered = [];

    /// <summary>Rooms that know members, of those that announced themselves before all had.</summary>
    private readonly HashSet<(ChannelName Channel, Incarnation Node)> _knowing = [];
    private readonly Dictionary<Incarnation, LateInterests> _late = [];
    private readonly List<(Incarnation From, NodeItem.AskPresence Ask)> _presenceAsks = [];
    private LateTimer? _timer;
    private MembersTimer? _membersTimer;

    /// <summary>What became of emits that came from nodes.</summary>
    public EmitLedgers Ledgers { get; } = new(shard);

    /// <summary>True while somebody may be here of whom this owner does not know yet.</summary>
    public bool IsCovering => _uncovered.Count > 0 && shard.Rules.MembersWaitForAll;

    /// <summary>
    /// True while a node that lives has not said whom it has, for a while at most: who asks who is here waits as long. Those of a dead node are gone,
    /// whatever becomes of them.
    /// </summary>
    public bool WaitsForMembers => _membersTimer is { IsSet: true } && _uncovered.Any(node => node != shard.Self && shard.Port.IsLeased(node));

    /// <summary>This node has become the owner; the others have not announced themselves.</summary>
    public void Begin(IEnumerable<Incarnation> others)
    {
        _uncovered.UnionWith(others);
        _membersTimer ??= new MembersTimer(this);
        shard.Loop.Wheel.Set(_membersTimer, shard.Loop.NowMs, WaitForMembersMs);
    }

    /// <summary>This node is not the owner any more.</summary>
    public void Clear()
    {
        Ledgers.Clear();
        _announcing.Clear();
        _uncovered.Clear();
        _knowing.Clear();
        _late.Clear();
        _presenceAsks.Clear();   // their nodes ask the next owner
        if (_membersTimer is not null)
        {
            shard.Loop.Wheel.Cancel(_membersTimer);
        }
    }

    /// <summary>Somebody need not be waited for any more.</summary>
    public void Cover(Incarnation node)
    {
        if (!_uncovered.Remove(node))
        {
            return;
        }

        if (_uncovered.Count == 0)
        {
            TellMembers();
        }

        AnswerPresence();
    }

    public void Forget(Incarnation node)
    {
        _announcing.Remove(node);
        _late.Remove(node);   // its emits' numbers stay: it may be back, and send them again
        AnswerPresence();
    }

    /// <summary>Emits of this node that an owner before it may have taken: each is answered, or ordered now.</summary>
    public void TakeOwn(PendingEmit pending)
    {
        var emit = pending.Emit with { From = new EmitId(shard.Self, pending.Number) };
        switch (Ledgers.Of(emit.Channel, shard.Self).Take(pending.Number, before: 0, lowestOpen: 0, out var answer))
        {
            case EmitLedger.Verdict.Repeat:
                shard.AnswerWhenHeld(emit, answer);
                ShardActor.Release(emit);
                break;
            case EmitLedger.Verdict.Forgotten:
                shard.AnswerNow(emit, EmitResult.Refused(Refusal.OutcomeUnknown));
                ShardActor.Release(emit);
                break;
            default:
                shard.TakeOwn(emit);
                break;
        }
    }

    public void Take(Incarnation from, NodeItem item)
    {
        switch (item)
        {
            case NodeItem.Emit emit: TakeEmit(from, emit); break;
            case NodeItem.Interest interest: TakeInterest(from, interest); break;
            case NodeItem.Uninterest uninterest: TakeUninterest(from, uninterest); break;
            case NodeItem.Count count: TakeCount(from, count); break;
            case NodeItem.Join join: TakeJoin(from, join); break;
            case NodeItem.Leave leave: shard.StepIfThere(leave.Channel, new ChannelInput.Leave(new SessionId(from, leave.Session), leave.UserId)); break;
            case NodeItem.PullMembers pull when !IsCovering:
                shard.StepIfThere(pull.Channel, new ChannelInput.PullMembers(from, pull.Key, pull.Buckets));
                break;
            case NodeItem.Repair repair: shard.StepIfThere(repair.Channel, new ChannelInput.Repair(from, repair.Have)); break;
            case NodeItem.Recover recover: shard.Step(recover.Channel, new ChannelInput.Recover(from, recover.Since, recover.Ticket)); break;
            case NodeItem.AskHistory ask:
                shard.Step(ask.Channel, new ChannelInput.History(
                    ask.Since, ask.Limit, ask.Backward, new ForwardedQuestion(this, from, ask.Channel, ask.Ticket)));
                break;
            case NodeItem.AskPresence ask:
                _presenceAsks.Add((from, ask));
                AnswerPresence();
                break;
            case NodeItem.Held held: TakeHeld(from, held); break;
            case NodeItem.FillDone done: shard.Holders.FillDone(from, done.Number); break;
            case NodeItem.AnnounceBegin: _announcing[from] = new Announcement(); _late.Remove(from); break;
            case NodeItem.AnnounceEnd: EndAnnouncement(from); break;
        }
    }

    /// <summary>Bytes of one answer that a node may be sent.</summary>
    public long LargestAnswer(Incarnation node) => shard.LargestAnswer(node);

    public void Send(Incarnation to, NodeItem item) => shard.SendTo(to, item);

    public void Answer(Incarnation node, ChannelName channel, long number, in EmitResult result) =>
        Send(node, new NodeItem.Emitted(channel, number, result));

    /// <summary>To every other node with a room of the channel.</summary>
    /// <param name="standby">A node that gets it because it holds the channel's events; null for none.</param>
    /// <param name="next">One that is to take its place.</param>
    public void Publish(ChannelActor channel, Incarnation? standby, Incarnation? next, ChannelEvent ordered, in Cause cause)
    {
        var item = new NodeItem.Event(ordered);
        var trace = cause.Trace is { } link ? new NodeItem.Trace(link.ToString()) : null;
        foreach (var node in channel.InterestedNodes)
        {
            if (node == shard.Self)
            {
                continue;
            }

            if (trace is not null)
            {
                Send(node, trace);
            }

            Send(node, item);
        }

        if (standby is { } holder && !channel.IsInterested(holder))
        {
            Send(holder, item);
        }

        if (next is { } filling && !channel.IsInterested(filling))
        {
            Send(filling, item);
        }
    }

    public void ToRooms(ChannelActor channel, RoomInput input)
    {
        foreach (var node in channel.InterestedNodes)
        {
            if (node != shard.Self)
            {
                ToRoom(node, channel.Name, input);
            }
        }
    }

    public void ToRoom(Incarnation node, ChannelName channel, RoomInput input)
    {
        input = RoomItems.Bounded(input, LargestAnswer(node));

        // Many members go as the node takes them, and changes to them stay behind them.
        var (isAboutMembers, isLarge) = input switch
        {
            RoomInput.MemberList list => (true, list.Members.Count > ManyMembers),
            RoomInput.MemberDigests or RoomInput.MemberBuckets => (true, true),
            RoomInput.MemberCame or RoomInput.MemberWent => (true, false),
            _ => default,
        };
        if (isLarge || (isAboutMembers && shard.IsPaced(node)))
        {
            shard.SendPaced(node, RoomItems.Of(channel, input).Select(item => new[] { item }));
            return;
        }

        foreach (var item in RoomItems.Of(channel, input))
        {
            Send(node, item);
        }
    }

    private void TakeEmit(Incarnation from, NodeItem.Emit emit)
    {
        var ledger = Ledgers.Of(emit.Channel, from);
        switch (ledger.Take(emit.Number, emit.Before, emit.LowestOpen, out var answer))
        {
            case EmitLedger.Verdict.New:
                shard.TakeForwarded(InputOf(from, emit, ledger));
                break;
            case EmitLedger.Verdict.Repeat:
                shard.AnswerWhenHeld(InputOf(from, emit, ledger), answer);
                break;
            case EmitLedger.Verdict.Forgotten:
                Answer(from, emit.Channel, emit.Number, EmitResult.Refused(Refusal.OutcomeUnknown));
                break;
            case EmitLedger.Verdict.Gap:
                Send(from, new NodeItem.SendAgain(emit.Channel));
                break;
        }
    }

    private ChannelInput.Emit InputOf(Incarnation from, NodeItem.Emit emit, EmitLedger ledger) => new(
        emit.Channel,
        new EmitId(from, emit.Number),
        emit.Name,
        emit.Data,
        emit.Except,
        emit.ExceptIsSubscriber,
        emit.Key,
        new ForwardedEmit(this, from, emit.Channel, emit.Number, ledger),
        Call: null)
    {
        Verbatim = emit.Verbatim,
        MustExist = emit.MustExist,
        Cause = new Cause(ReceivedAt: 0, shard.TakeTrace()),
    };

    private void AnswerPresence()
    {
        if (WaitsForMembers)
        {
            return;
        }

        var asks = _presenceAsks.ToArray();
        _presenceAsks.Clear();
        foreach (var (from, ask) in asks)
        {
            shard.Step(ask.Channel, new ChannelInput.WhoIsHere(new ForwardedQuestion(this, from, ask.Channel, ask.Ticket)));
        }

        shard.AskWaiting();
    }

    private void TakeHeld(Incarnation from, NodeItem.Held held)
    {
        if (shard.FindOwned(held.Channel) is { } place)
        {
            shard.Holders.Held(from, place, held.Offset);
        }
    }

    private void TakeInterest(Incarnation from, NodeItem.Interest interest)
    {
        _announcing.GetValueOrDefault(from)?.Rooms.Add(interest.Channel);
        if (_late.ContainsKey(from) || shard.Port.GaugeOf(from) is { IsHigh: true })
        {
            Defer(from, interest);
        }
        else
        {
            Admit(from, interest);
        }
    }

    private void Admit(Incarnation from, NodeItem.Interest interest)
    {
        if (!IsCovering)
        {
            TellMembers(from, interest);
        }
        else if (interest.KnowsMembers && shard.Rules.OwnersTellThatNobodyIsHere)
        {
            _knowing.Add((interest.Channel, from));
        }

        shard.Step(interest.Channel, new ChannelInput.Interest(from, interest.Have, interest.Subscribers));
    }

    /// <summary>Who is here, unless that is nobody and the room knows it.</summary>
    private void TellMembers(Incarnation to, NodeItem.Interest interest)
    {
        var members = shard.FindOwned(interest.Channel)?.Channel!.Members;
        if (members is { Count: > 0 } || (interest.KnowsMembers && shard.Rules.OwnersTellThatNobodyIsHere))
        {
            var digests = interest.Have is null || members is null ? null : shard.DigestsOf(members);   // who has nothing knows nobody, most likely
            ToRoom(to, interest.Channel, digests ?? (RoomInput)new RoomInput.MemberList(members?.All() ?? []));
        }
    }

    /// <summary>So much is under way to the node that its answer waits: until then it is not sent the channel's events either.</summary>
    private void Defer(Incarnation from, NodeItem.Interest interest)
    {
        if (!_late.TryGetValue(from, out var late))
        {
            _late.Add(from, late = new LateInterests());
        }

        late.Add(interest);
        _timer ??= new LateTimer(this);
        if (!_timer.IsSet)
        {
            shard.Loop.Wheel.Set(_timer, shard.Loop.NowMs, TimerWheel.StepMs);
        }
    }

    private void AdmitLate()
    {
        foreach (var (from, late) in _late.ToArray())
        {
            while (shard.Port.GaugeOf(from) is not { IsHigh: true } && late.TryTake(out var interest))
            {
                Admit(from, interest);
                shard.Port.Post(from);
            }

            if (late.IsEmpty)
            {
                _late.Remove(from);
            }
        }

        if (_late.Count > 0)
        {
            shard.Loop.Wheel.Set(_timer!, shard.Loop.NowMs, TimerWheel.StepMs);
        }
    }

    private void TakeUninterest(Incarnation from, NodeItem.Uninterest uninterest)
    {
        _late.GetValueOrDefault(from)?.Remove(uninterest.Channel);
        shard.StepIfThere(uninterest.Channel, new ChannelInput.Uninterest(from));
    }

    private void TakeCount(Incarnation from, NodeItem.Count count)
    {
        if (_late.GetValueOrDefault(from)?.Recount(count.Channel, count.Subscribers) != true)
        {
            shard.StepIfThere(count.Channel, new ChannelInput.Count(from, count.Subscribers));
        }
    }

    private void TakeJoin(Incarnation from, NodeItem.Join join)
    {
        var session = new SessionId(from, join.Session);
        _announcing.GetValueOrDefault(from)?.Members.Add((join.Channel, session));
        shard.Step(join.Channel, new ChannelInput.Join(session, join.UserId, join.Info, join.Ticket));
    }

    /// <summary>What the node has not named it has not.</summary>
    private void EndAnnouncement(Incarnation from)
    {
        if (!_announcing.Remove(from, out var announcement))
        {
            return;
        }

        foreach (var channel in shard.Channels)
        {
            if (channel.IsInterested(from) && !announcement.Rooms.Contains(channel.Name))
            {
                shard.Step(channel.Name, new ChannelInput.Uninterest(from));
            }

            foreach (var (session, userId) in channel.Members.Count > 0 ? channel.Members.Of(from) : [])
            {
                if (!announcement.Members.Contains((channel.Name, session)))
                {
                    shard.Step(channel.Name, new ChannelInput.Leave(session, userId));
                }
            }
        }

        Cover(from);
    }

    private void TellMembers()
    {
        var channels = shard.Channels;
        foreach (var channel in channels)
        {
            shard.FindRoom(channel.Name)?.Take(new RoomInput.MemberList(channel.Members.All()));
        }

        // Digests are the same for all, and as of now: what changes from here on goes behind them, as behind lists that are read later.
        var peopled = channels.Where(channel => channel.HasInterestBeyond(shard.Self)
            && (channel.Members.Count > 0 || channel.InterestedNodes.Any(node => _knowing.Contains((channel.Name, node))))).ToArray();
        _knowing.Clear();
        var digests = peopled.ToDictionary(channel => channel.Name, RoomInput? (channel) => shard.DigestsOf(channel.Members));
        foreach (var node in peopled.SelectMany(channel => channel.InterestedNodes).Distinct().Where(node => node != shard.Self).ToArray())
        {
            shard.SendPaced(node, peopled.Where(channel => channel.IsInterested(node)).SelectMany(channel =>
                RoomItems.Of(channel.Name, digests.GetValueOrDefault(channel.Name) ?? new RoomInput.MemberList(channel.Members.All()))).Select(item => new[] { item }));
        }
    }

    private sealed class MembersTimer(ShardPeers peers) : WheelTimer
    {
        protected internal override void Fire() => peers.AnswerPresence();
    }

    private sealed class LateTimer(ShardPeers peers) : WheelTimer
    {
        protected internal override void Fire() => peers.AdmitLate();
    }
}
