using Broker.Actors.Channels;
using Broker.Actors.Cluster;
using Broker.Actors.Rooms;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>Who owns the shard: taking it, ordering in it, giving it away.</summary>
internal sealed partial class ShardActor
{
    /// <summary>Milliseconds before a take-over of which events are read for what emits became.</summary>
    private const long RecentMs = IdempotencyKeys.AgeMs;

    private readonly List<ShardMessage> _waitingQuestions = [];
    private readonly HashSet<NodeRoom> _unsure = [];
    private WaitingEmits? _waitingEmits;
    private RememberedChannels? _remembered;
    private WaitTimer? _waitTimer;
    private Holders? _holders;
    private TakeOver? _takeOver;
    private ShardMove? _move;
    private ShardMessage.OwnerChanged? _claimed;
    private (Incarnation From, long Term)? _handedOver;
    private Incarnation? _before;

    /// <summary>Who orders the shard's events, as far as this node knows; null for nobody.</summary>
    public Incarnation? Owner { get; private set; }

    /// <summary>The fencing number under which the owner orders.</summary>
    public long Term { get; private set; }

    public bool IsOwner { get; private set; }

    /// <summary>True when this node owns the shard and has taken it up.</summary>
    public bool IsInPlace => IsOwner && _takeOver is null;

    /// <summary>Who must hold the events of this node's channels.</summary>
    public Holders Holders => _holders ??= new Holders(this);

    /// <summary>The places of the channels that this node owns and whose events are kept.</summary>
    public IEnumerable<ChannelPlace> Places => _channels.Owned.Where(place => !place.Channel!.IsLive);

    private bool CanOrder => IsInPlace && _move is not { HasStopped: true } && Port.IsFresh;

    /// <summary>True when what comes now is ordered now: nothing waits before it.</summary>
    private bool MayOrder => CanOrder && _waitingEmits is not { Count: > 0 };

    /// <summary>Owns the shard before anything happens in it: a node alone, at its start.</summary>
    public void OwnFromTheStart(long term)
    {
        Owner = Self;
        Term = term;
        IsOwner = true;
    }

    public bool IsLive(Incarnation node) => Port.IsUp(node);

    public bool IsSure => !IsOwner || CanOrder;

    public void AskWhenSure(NodeRoom room) => _unsure.Add(room);

    // Ordering

    /// <summary>Orders an emit that another node passed on.</summary>
    public void TakeForwarded(ChannelInput.Emit emit)
    {
        if (MayOrder)
        {
            Order(emit);
        }
        else
        {
            Wait(emit, isLocal: false);
        }
    }

    /// <summary>Orders an emit of this node that another owner may have been sent before, and gives its buffer back.</summary>
    public void TakeOwn(ChannelInput.Emit emit)
    {
        if (MayOrder)
        {
            OrderOwn(emit);
        }
        else
        {
            Wait(emit, isLocal: true);
        }
    }

    /// <summary>An emit of this node that waited for another owner.</summary>
    public void TakeOwnAgain(PendingEmit pending) => Peers.TakeOwn(pending);

    public bool IsLiveChannel(ChannelName channel) => OptionsOf(channel).IsLive;

    /// <summary>The place of a channel that this node owns; null where there is none.</summary>
    public ChannelPlace? FindOwned(ChannelName channel) =>
        _channels.Find(channel) is not null ? _channels.PlaceOf(channel) : null;

    /// <summary>What has waited until this node may order is ordered.</summary>
    public void OrderWaiting()
    {
        if (!CanOrder)
        {
            return;
        }

        while (_waitingEmits is not null && _waitingEmits.TryTake(out var emit, out var isLocal, out _))
        {
            if (isLocal)
            {
                OrderOwn(emit);
            }
            else
            {
                Order(emit);
            }
        }

        _holders?.AnswerAllHeld();
        foreach (var room in _unsure)
        {
            room.AdmitCaughtUp(all: true);
        }

        _unsure.Clear();
        WakeWaiting();
    }

    /// <summary>The emit is answered when its channel's holders hold it; for what was ordered before, too.</summary>
    public void AnswerWhenHeld(ChannelInput.Emit emit, in EmitResult result)
    {
        var place = BusyPlaceOf(emit.Channel);
        Answer(place, place.Channel!, emit, result);
    }

    public void AnswerNow(ChannelInput.Emit emit, in EmitResult result)
    {
        emit.Origin?.Emitted(emit.Call, result);
        if (result.Refusal == Refusal.None)
        {
            Loop.Tally.EmitAnswered(emit.Cause.ReceivedAt);
        }
        else
        {
            EmitsRefused.Add(result.Refusal);
        }
    }

    // Holding

    public void WriteHolders(IReadOnlyList<Incarnation> holders) =>
        _node.Cluster.TellOrCall(new ClusterMessage.WriteHolders(new ShardTerm(Id, Term), holders));

    public void HoldersWritten(PortMessage.HoldersWritten written)
    {
        if (IsInPlace && written.Term == Term)
        {
            Holders.Written(written.Holders, written.Answer);
        }
    }

    public void AbleChanged(IReadOnlyList<Incarnation> able)
    {
        if (IsInPlace)
        {
            Holders.AbleChanged(able);
        }
        else if (_claimed is not null)
        {
            _claimed = _claimed with { Able = able };
        }
    }

    /// <summary>All but some nodes need not hold the shard's events any more.</summary>
    public void ReleaseAllBut(Func<Incarnation, bool> isKept)
    {
        foreach (var node in Port.Up)
        {
            if (!isKept(node))
            {
                SendTo(node, new NodeItem.Release());
            }
        }
    }

    /// <summary>All that the shard's history channels hold, in groups that go together.</summary>
    public IEnumerable<IEnumerable<NodeItem>> FillItems(Fill fill)
    {
        yield return [new NodeItem.FillBegin(fill.Number)];
        foreach (var place in Places.ToArray())
        {
            if (place.Channel is { } channel)
            {
                var (filledTo, items) = (channel.Stream.Offset, FilledItems(fill.Node, place.Name, channel.Stream));
                if (!FitsAtOnce(fill.Node, items))
                {
                    foreach (var item in items[..^1])
                    {
                        yield return [item];
                    }

                    items = [items[^1]];
                    if (place.Channel != channel)
                    {
                        continue;   // it was forgotten meanwhile
                    }
                }

                // From here on its events follow by themselves; those since it was looked at go with the last part.
                place.MadeHolding.HeldByNext = channel.Stream.Offset;
                place.MadeHolding.IsSentToNext = true;
                yield return [channel.Stream.Offset == filledTo ? items[^1] : UpToNow(items[^1], channel.Stream, filledTo)];
            }
        }

        yield return [new NodeItem.FillEnd(fill.Number)];
    }

    /// <summary>
    /// The last part of a channel that was filled in several, as the channel is by now. Its later events alone would not do: a room that was
    /// reset meanwhile, and so stands behind them with nothing before, takes them for repeats, and would have a hole where the fill ends.
    /// </summary>
    private NodeItem.Filled UpToNow(NodeItem.Filled last, ChannelStream stream, long filledTo) => last with
    {
        Position = stream.Position,
        LastTerm = stream.LastTerm,
        Boundaries = [.. stream.Boundaries],
        Numbers = Peers.NumbersOf(last.Channel),
        Events = [.. last.Events, .. stream.Window.Read(last.Channel, filledTo + 1, int.MaxValue)],
    };

    public void SendFilled(Incarnation node, ChannelPlace place)
    {
        foreach (var item in FilledItems(node, place.Name, place.Channel!.Stream))
        {
            SendTo(node, item);
        }
    }

    // Moving

    public void Move(PortMessage.Move move)
    {
        if (IsInPlace && _move is null && move.To != Self)
        {
            _move = new ShardMove(this, move.To);
            _move.Start();
        }
        else
        {
            TellMoveEnded();
        }
    }

    public void GiveUpMove()
    {
        _move?.Cancel();
        _move = null;
        TellMoveEnded();
        if (IsInPlace)
        {
            Holders.GiveUpMove();
            OrderWaiting();
        }
    }

    /// <summary>The node to which the shard moves holds more than before.</summary>
    public void ReceiverHolds() => _move?.HandOverWhenHeld();

    /// <summary>The hand-over was not taken: this node goes on, if nobody else has claimed the shard.</summary>
    public void Reclaim() => _node.Cluster.TellOrCall(new ClusterMessage.ClaimBack(new ShardTerm(Id, Term)));

    /// <summary>Says where the live channels stand, which the receiver was not filled with.</summary>
    public void SendLiveChannels(Incarnation to)
    {
        foreach (var place in _channels.Owned.Where(place => place.Channel!.IsLive))
        {
            SendFilled(to, place);
        }
    }

    // Taking over

    /// <summary>What this node has of the shard's channels, as a copy.</summary>
    public IEnumerable<NodeItem.Holding> OwnHoldings() =>
        _channels.Rooms.Select(room => room.Copy).OfType<RoomFollower>().Select(copy => new NodeItem.Holding(
            copy.Stream.Channel,
            copy.Stream.Position,
            copy.Stream.LastTerm,
            [.. copy.Stream.Boundaries],
            copy.Stream.Window.Count > 0 ? copy.Stream.Window.FirstOffset : 0,
            copy.Numbers));

    /// <summary>A channel's stream goes on here, with what has been gathered of it.</summary>
    public void Adopt(ChannelFetch fetch)
    {
        var plan = fetch.Plan;
        var own = _channels.FindRoom(plan.Channel)?.Copy?.Stream;
        if (own is not null && own.Position == plan.Position && plan.Parts.All(part => part.Node == Self))
        {
            own.Follow(plan.Boundaries);
            Adopt(own, plan.Numbers);
            return;
        }

        var events = plan.Parts.Where(part => part.Node == Self)
            .SelectMany(part => own!.Window.Read(plan.Channel, part.From, (int)(part.To - part.From + 1)))
            .Concat(fetch.Fetched)
            .Where(one => one.Offset >= fetch.FirstOffset)
            .OrderBy(one => one.Offset)
            .ToArray();
        var stream = new ChannelStream(
            plan.Channel,
            plan.Position.Epoch,
            plan.Position.Offset - events.Length,
            events.Length > 0 ? events[0].PreviousTerm : plan.LastTerm,
            plan.Boundaries,
            OptionsOf(plan.Channel),
            _node.History);
        foreach (var one in events)
        {
            stream.Append(one);
        }

        Adopt(stream, plan.Numbers);
    }

    public void TakenOver() => BeInPlace();

    private void Adopt(ChannelStream stream, IReadOnlyList<EmitId> numbers)
    {
        stream.BeginTerm(Term);
        var channel = new ChannelActor(stream, OptionsOf(stream.Channel));
        Add(_channels.PlaceOf(stream.Channel), channel);
        var isRecent = stream.Window.Count > 0 && Loop.UnixMs - stream.Window.LastAtMs < RecentMs;
        Peers.Inherit(channel, numbers, isRecent ? stream.Window.Read(stream.Channel, stream.Window.FirstOffset, int.MaxValue) : []);
    }

    private void ChangeOwner(ShardMessage.OwnerChanged changed)
    {
        if (changed.Term < Term || (changed.Term == Term && changed.Owner == Owner))
        {
            return;
        }

        _before = Owner;
        var (wasOwner, isHandedOver) = (IsOwner, _handedOver is { } handed && changed.Owner == Self && handed == (Owner, changed.Term - 1));
        if (wasOwner)
        {
            Relinquish(taker: _move is { HasHandedOver: true } move && changed.Owner == move.To && changed.Term == Term + 1 ? move.To : null);
        }

        Owner = changed.Owner;
        Term = changed.Term;
        IsOwner = changed.Owner == Self;
        _handedOver = null;
        _holdsAll = false;
        foreach (var room in _channels.Rooms)
        {
            room.Doubt();
        }

        if (IsOwner)
        {
            TakeUp(changed, isWhole: isHandedOver || (wasOwner && _before == Self));
        }
        else
        {
            _claimed = null;
            Remote.OwnerChanged();
            LeaveWaitingToOwner(wasOwner);
        }

        WakeWaiting();
    }

    /// <summary>What the channels were lives on here as copies, until others hold it.</summary>
    private void Relinquish(Incarnation? taker)
    {
        _unsure.Clear();   // their rooms hear from the next owner
        _holders?.End(taker);
        if (_move is not null)
        {
            _move.Cancel();
            _move = null;
            TellMoveEnded();
        }

        if (_takeOver is not null)
        {
            Loop.Wheel.Cancel(_takeOver);
            _takeOver = null;
        }

        _waitingEmits?.DropForwarded();   // their nodes send them again, to whoever is the owner then
        _paced?.Clear();
        _channels.Clear(NewRoom, (room, channel) => room.OwnerMoved(channel, _peers?.NumbersOf(channel.Name) ?? [], isKept: !channel.IsLive));
        _peers?.Clear();
    }

    /// <param name="isWhole">True: this node has all that there is of the shard, and nobody need be asked.</param>
    private void TakeUp(ShardMessage.OwnerChanged claimed, bool isWhole)
    {
        _claimed = claimed;
        foreach (var room in _channels.Rooms)
        {
            room.Copy?.DropHeld();
        }

        var others = claimed.Live.Where(node => node != Self).ToArray();
        if (isWhole || !Rules.OwnersCollect)
        {
            foreach (var room in _channels.Rooms)
            {
                if (room.Copy is { } copy)
                {
                    Adopt(copy.Stream, copy.Numbers);
                }
            }

            _node.Counters.ShardsReceived.Add(1);
            BeInPlace();
        }
        else
        {
            _node.Counters.ShardsTakenOver.Add(1);
            _takeOver = new TakeOver(this, others, claimed.Holders, [.. claimed.Holders.Where(claimed.Absent.Contains)]);
            _takeOver.Start();
        }
    }

    /// <summary>From here on this node orders, and the others announce what they have.</summary>
    private void BeInPlace()
    {
        var claimed = _claimed!;
        _takeOver = null;
        _claimed = null;
        foreach (var room in Rooms)
        {
            if (room.Unkeep())
            {
                RemoveCopy(room);
            }
        }

        var others = Port.Leased.Where(node => node != Self).ToHashSet();   // as of now: since the claim some have gone, and some have come back
        if (_before is { } late && late != Self && !Port.IsGoneFor(late, _options.PresenceGraceMs) && others.Add(late))
        {
            // Its clients get a while to come back elsewhere before their members leave.
            Loop.Wheel.Set(new CoverTimer(this, late), Loop.NowMs, _options.PresenceGraceMs);
        }

        foreach (var (lost, atMs) in Port.LostWithin(_options.PresenceGraceMs))
        {
            if (others.Add(lost))
            {
                Loop.Wheel.Set(new CoverTimer(this, lost), Loop.NowMs, atMs + _options.PresenceGraceMs - Loop.NowMs);
            }
        }

        Peers.Begin(others.Append(Self));
        foreach (var node in others.Union(Port.Up))
        {
            SendTo(node, new NodeItem.InPlace());
        }

        foreach (var room in Rooms)
        {
            room.AskAgain();
        }

        Peers.Cover(Self);
        Holders.Begin(claimed.Able, claimed.Holders);
        SettleInOrder();
        AskWaiting();
        OrderWaiting();
    }

    /// <summary>What waited for the owner before this one comes before what has waited here.</summary>
    private void SettleInOrder()
    {
        var newer = _waitingEmits;
        _waitingEmits = null;
        _remote?.Settle();
        while (newer is not null && newer.TryTake(out var emit, out var isLocal, out var atMs))
        {
            Wait(emit, isLocal, atMs);
        }
    }

    private void RemoveCopy(NodeRoom room)
    {
        if (_channels.Find(room.Channel)?.Stream != room.Copy?.Stream)
        {
            room.Drop();
        }

        _channels.Remove(room);
    }

    /// <summary>What waited for this node to be in place, or for the others to say whom they have.</summary>
    public void AskWaiting()
    {
        var questions = _waitingQuestions.ToArray();
        _waitingQuestions.Clear();
        foreach (var question in questions)
        {
            Deliver(question);
        }
    }

    /// <summary>What waited here for this node to order it is another's to order; other nodes send theirs again by themselves.</summary>
    private void LeaveWaitingToOwner(bool wasOwner)
    {
        if (!wasOwner)
        {
            return;
        }

        AskWaiting();
        while (_waitingEmits is not null && _waitingEmits.TryTake(out var emit, out var isLocal, out var atMs))
        {
            if (isLocal)
            {
                Forward(emit, atMs);
            }
        }
    }

    private void Wait(ChannelInput.Emit emit, bool isLocal) => Wait(emit, isLocal, Loop.NowMs);

    private void Wait(ChannelInput.Emit emit, bool isLocal, long atMs)
    {
        _waitingEmits ??= new WaitingEmits(_options);
        _waitingEmits.Add(emit, isLocal, atMs);
        _isFull = _waitingEmits.IsFull;
        _waitTimer ??= new WaitTimer(this);
        if (!_waitTimer.IsSet)
        {
            Loop.Wheel.Set(_waitTimer, Loop.NowMs, WaitTimer.LookMs);
        }
    }

    private void ExpireWaiting()
    {
        while (_waitingEmits is not null && _waitingEmits.TryExpire(Loop.NowMs, out var emit, out var isLocal))
        {
            AnswerNow(emit, EmitResult.Refused(Refusal.Unavailable));
            if (isLocal)
            {
                Release(emit);
            }
        }

        WakeWaiting();
        if (_waitingEmits is { Count: > 0 })
        {
            Loop.Wheel.Set(_waitTimer!, Loop.NowMs, WaitTimer.LookMs);
        }
    }

    private void Answer(ChannelPlace place, ChannelActor channel, ChannelInput.Emit emit, in EmitResult result)
    {
        if (_node.IsAlone || channel.IsLive || result.Refusal != Refusal.None)
        {
            AnswerNow(emit, result);
        }
        else
        {
            Holders.Answer(place, emit, result);
        }
    }

    /// <summary>An emit is answered though no other node holds its event.</summary>
    public void CountHeldAlone() => _node.Counters.EmitsHeldAlone.Add(1);

    public void CountFilled() => _node.Counters.ShardsFilled.Add(1);

    private void ForgetChannel(ChannelPlace place, ChannelActor channel)
    {
        if (!_node.IsAlone && !channel.IsLive)
        {
            Holders.ChannelForgotten(place.Name);
        }

        if (channel.Exists && OptionsOf(place.Name).IsRemembered)
        {
            (_remembered ??= new RememberedChannels(_options.RememberedChannels)).Add(place.Name);
        }

        _channels.Remove(place.Name);
    }

    /// <summary>
    /// Whether somebody has been in the channel, as far as this owner knows. While it does not know yet whom the other nodes have, it
    /// says yes: an emit too many is better than one that its subscribers miss.
    /// </summary>
    private bool Exists(ChannelName channel) =>
        _channels.Find(channel) is { Exists: true }
        || _channels.FindRoom(channel) is not null
        || _remembered?.Contains(channel) == true
        || _peers is { IsCovering: true };

    /// <summary>A node is gone: its rooms at once, its members after the grace.</summary>
    private void Lose(Incarnation node, bool mayReturn)
    {
        _paced?.Drop(node);
        _fetches?.Drop(node);
        _takeOver?.Gone(node, mayReturn);
        if (!IsInPlace)
        {
            return;
        }

        _holders?.Gone(node);
        _peers?.Forget(node);
        foreach (var channel in Channels)
        {
            if (channel.IsInterested(node))
            {
                Step(channel.Name, new ChannelInput.Uninterest(node));
            }
        }

        Loop.Wheel.Set(new CoverTimer(this, node), Loop.NowMs, _options.PresenceGraceMs);
    }

    private void GraceIsOver(Incarnation node)
    {
        if (!IsInPlace || Port.IsLeased(node))
        {
            return;   // it has come back to life, and says itself who is there
        }

        var unheardMs = _options.PresenceGraceMs - Port.FreshForMs;
        if (unheardMs > 0 && Rules.LeavesNeedAFreshBus)
        {
            Loop.Wheel.Set(new CoverTimer(this, node), Loop.NowMs, unheardMs);   // its users may be elsewhere by now, and nobody could say so
            return;
        }

        foreach (var channel in Channels.Where(channel => channel.Members.Count > 0 && !channel.IsInterested(node)))
        {
            Step(channel.Name, new ChannelInput.NodeGone(node));
        }

        _peers?.Cover(node);
    }

    private NodeRoom NewRoom(ChannelName channel)
    {
        var room = new NodeRoom(channel, this, _node.Loops.Count);
        _channels.Add(room);
        return room;
    }

    private void TellMoveEnded() => _node.Cluster.TellOrCall(new ClusterMessage.MoveEnded(Id));

    /// <summary>As they are now, whenever they are sent.</summary>
    private NodeItem.Filled[] FilledItems(Incarnation node, ChannelName name, ChannelStream stream)
    {
        var window = stream.Window.Read(name, stream.Window.FirstOffset, int.MaxValue);
        var (position, boundaries, numbers) = (stream.Position, stream.Boundaries.ToArray(), Peers.NumbersOf(name));
        return [.. Slices.Of(window, LargestAnswer(node)).Select(slice => new NodeItem.Filled(
            name, position, stream.LastTerm, boundaries, numbers, slice.Part, slice.HasMore))];
    }

    /// <summary>Bytes of one answer that a node may be sent.</summary>
    public long LargestAnswer(Incarnation node) => Port.GaugeOf(node)?.LargestAnswer ?? long.MaxValue;

    private bool FitsAtOnce(Incarnation node, NodeItem.Filled[] items) =>
        items.Length == 1 || items.Sum(item => item.Events.Sum(one => (long)EventCodec.Size(one))) <= LargestAnswer(node);

    private sealed class CoverTimer(ShardActor shard, Incarnation node) : Loops.WheelTimer
    {
        protected internal override void Fire() => shard.GraceIsOver(node);
    }

    /// <summary>Tells emits that have waited too long.</summary>
    private sealed class WaitTimer(ShardActor shard) : Loops.WheelTimer
    {
        public const long LookMs = 128;

        protected internal override void Fire() => shard.ExpireWaiting();
    }
}
