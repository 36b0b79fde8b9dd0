using Broker.Actors.Channels;
using Broker.Actors.Cluster;
using Broker.Actors.Rooms;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>Who owns the shard: taking it, giving it away, and what a new owner makes of the nodes that are lost.</summary>
internal sealed partial class ShardActor
{
    /// <summary>Milliseconds before a take-over of which events are read for what emits became.</summary>
    private const long RecentMs = IdempotencyKeys.AgeMs;

    private RememberedChannels? _remembered;
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

    /// <summary>Owns the shard before anything happens in it: a node alone, at its start.</summary>
    public void OwnFromTheStart(long term)
    {
        Owner = Self;
        Term = term;
        IsOwner = true;
    }

    public bool IsLive(Incarnation node) => Port.IsUp(node);

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
        Peers.Ledgers.Inherit(channel, numbers, isRecent ? stream.Window.Read(stream.Channel, stream.Window.FirstOffset, int.MaxValue) : []);
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
        _channels.Clear(NewRoom, (room, channel) => room.OwnerMoved(channel, _peers?.Ledgers.NumbersOf(channel.Name) ?? [], isKept: !channel.IsLive));
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

    private void RemoveCopy(NodeRoom room)
    {
        if (_channels.Find(room.Channel)?.Stream != room.Copy?.Stream)
        {
            room.Drop();
        }

        _channels.Remove(room);
    }

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

    private sealed class CoverTimer(ShardActor shard, Incarnation node) : Loops.WheelTimer
    {
        protected internal override void Fire() => shard.GraceIsOver(node);
    }
}
