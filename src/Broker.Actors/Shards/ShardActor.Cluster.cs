using Broker.Actors.Channels;
using Broker.Actors.Cluster;
using Broker.Actors.Rooms;
using Broker.Actors.Sessions;
using Broker.Actors.Tracing;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>Who owns the shard, and what its nodes say to each other.</summary>
internal sealed partial class ShardActor
{
    private readonly List<SessionActor> _wantWake = [];
    private (Incarnation From, string Traceparent)? _announced;
    private TraceLink? _trace;
    private RemoteOwner? _remote;
    private ShardPeers? _peers;
    private volatile bool _isRemoteFull;

    /// <summary>Who orders the shard's events, as far as this node knows; null for nobody.</summary>
    public Incarnation? Owner { get; private set; }

    /// <summary>The fencing number under which the owner orders.</summary>
    public long Term { get; private set; }

    public bool IsOwner { get; private set; }

    public ProtocolRules Rules => _node.Rules;

    public ClusterPort Port => _node.Ports[Loop.Index];

    /// <summary>The channels here, as of now.</summary>
    public ChannelActor[] Channels => [.. _channels.All];

    private RemoteOwner Remote => _remote ??= new RemoteOwner(this, _options);

    private ShardPeers Peers => _peers ??= new ShardPeers(this);

    /// <summary>Owns the shard before anything happens in it: a node alone, at its start.</summary>
    public void OwnFromTheStart(long term)
    {
        Owner = Self;
        Term = term;
        IsOwner = true;
    }

    public NodeRoom? FindRoom(ChannelName channel) => _channels.FindRoom(channel);

    public IReadOnlyList<Member> MembersOf(ChannelName channel) => _channels.Find(channel)?.Members.All() ?? [];

    /// <summary>Tells a channel what does not matter where there is none.</summary>
    public void StepIfThere(ChannelName channel, ChannelInput input)
    {
        if (_channels.Find(channel) is not null)
        {
            Step(channel, input);
        }
    }

    /// <summary>Orders an emit that another node passed on.</summary>
    public void TakeForwarded(ChannelInput.Emit emit)
    {
        Order(emit);
    }

    /// <summary>To the channel's rooms on every node.</summary>
    public void TellRooms(ChannelActor channel, RoomInput input)
    {
        if (_peers is { IsCovering: true } && input is RoomInput.MemberCame or RoomInput.MemberWent)
        {
            return;   // all are told who is here once all have said who is theirs
        }

        _channels.FindRoom(channel.Name)?.Take(input);
        if (_node.HasPeers && channel.HasInterestBeyond(Self))
        {
            Peers.ToRooms(channel, input);
        }
    }

    /// <summary>Says to the owner all that this node has in the shard.</summary>
    public void AnnounceRooms()
    {
        foreach (var room in _channels.Rooms.ToArray())
        {
            room.AskAgain();
        }
    }

    /// <summary>What was said to a node, or by it, may be lost.</summary>
    public void Resync(Incarnation peer)
    {
        if (Owner == peer && !IsOwner)
        {
            Remote.Resync();
        }
    }

    /// <summary>Sessions whose emits found no place may try again, where there is some.</summary>
    public void WakeWaiting()
    {
        _isRemoteFull = !IsOwner && Remote.IsFull;
        if (!_isRemoteFull && _wantWake.Count > 0)
        {
            var wake = _wantWake.ToArray();
            _wantWake.Clear();
            foreach (var session in wake)
            {
                session.Tell(SessionMessage.Woken.Instance);
            }
        }
    }

    public RoomFollower NewFollower(ChannelName channel, RoomInput.Interested interested)
    {
        var missed = interested.Missed ?? [];
        var options = _node.Namespaces.Find(channel.App, channel.Text)?.Options ?? new ChannelOptions();
        var stream = new ChannelStream(
            channel,
            interested.Position.Epoch,
            interested.Position.Offset - missed.Length,
            missed.Length > 0 ? missed[0].PreviousTerm : interested.LastTerm,
            interested.Boundaries,
            options,
            _node.History);
        foreach (var one in missed)
        {
            stream.Append(one);
        }

        return new RoomFollower(stream, Rules);
    }

    private void Forward(ChannelInput.Emit emit)
    {
        Remote.Emit(emit);
        _isRemoteFull = Remote.IsFull;
    }

    private void Wake(SessionActor session)
    {
        if (_isRemoteFull)
        {
            _wantWake.Add(session);
        }
        else
        {
            session.Tell(SessionMessage.Woken.Instance);
        }
    }

    private void TellRoom(Incarnation node, ChannelName channel, RoomInput input)
    {
        if (node == Self)
        {
            _channels.FindRoom(channel)?.Take(input);
        }
        else
        {
            Peers.ToRoom(node, channel, input);
        }
    }

    // Other nodes

    /// <summary>The trace that the item in hand belongs to, as its node said right before it; null for none.</summary>
    public TraceLink? TakeTrace()
    {
        var trace = _trace;
        _trace = null;
        return trace;
    }

    private void Take(ShardMessage.Item item)
    {
        if (item.What is NodeItem.Trace trace)
        {
            _announced = (item.From, trace.Traceparent);
            return;
        }

        _trace = null;
        if (_announced is { } announced && announced.From == item.From)
        {
            _trace = TraceLink.Parse(announced.Traceparent);
            _announced = null;
        }

        if (item.What is NodeItem.Moved moved)
        {
            TakeMoved(item.From, item.Term, moved.Owner);
        }
        else if (IsForOwner(item.What))
        {
            TakeAsOwner(item);
        }
        else if (Rules.LowerTermsAreDropped && (item.Term < Term || (item.Term == Term && Owner != item.From)))
        {
            _node.Counters.FencedItems.Add(1);   // of an owner that was relieved
        }
        else
        {
            if (item.Term > Term)
            {
                ChangeOwner(new ShardMessage.OwnerChanged(item.From, item.Term, []));
            }

            Remote.Take(item.What);
        }
    }

    private void TakeAsOwner(ShardMessage.Item item)
    {
        if (IsOwner && item.Term == Term)
        {
            Peers.Take(item.From, item.What);
        }
        else if (item.What is NodeItem.AnnounceBegin or NodeItem.Emit or NodeItem.AskHistory or NodeItem.AskPresence)
        {
            Port.Send(item.From, new ItemHeader(Id, Term), new NodeItem.Moved(Owner));
        }
    }

    private void TakeMoved(Incarnation from, long term, Incarnation? owner)
    {
        if (IsOwner || Owner != from)
        {
            return;   // an old answer
        }

        Remote.SentAway();
        if (term > Term && owner is not null)
        {
            ChangeOwner(new ShardMessage.OwnerChanged(owner, term, []));
        }
    }

    private static bool IsForOwner(NodeItem item) => item is
        NodeItem.Emit or NodeItem.Interest or NodeItem.Uninterest or NodeItem.Count or NodeItem.Join or NodeItem.Leave
        or NodeItem.Repair or NodeItem.Recover or NodeItem.AskHistory or NodeItem.AskPresence
        or NodeItem.AnnounceBegin or NodeItem.AnnounceEnd;

    // The owner

    private void ChangeOwner(ShardMessage.OwnerChanged changed)
    {
        if (changed.Term < Term || (changed.Term == Term && changed.Owner == Owner))
        {
            return;
        }

        var before = Owner;
        if (IsOwner)
        {
            Relinquish();
        }

        Owner = changed.Owner;
        Term = changed.Term;
        IsOwner = changed.Owner == Self;
        if (IsOwner)
        {
            TakeUp(before, changed.Live);
        }
        else
        {
            Remote.OwnerChanged();
        }

        WakeWaiting();
    }

    /// <summary>What the channels were lives on in the rooms, until they hear from the new owner.</summary>
    private void Relinquish()
    {
        _peers?.Clear();
        _channels.Clear(static (room, channel) => room.OwnerMoved(channel));
    }

    private void TakeUp(Incarnation? before, IReadOnlyList<Incarnation> live)
    {
        var others = live.Where(node => node != Self).ToHashSet();
        if (before is { } late && late != Self && others.Add(late))
        {
            // Its clients get a while to come back elsewhere before their members leave.
            Loop.Wheel.Set(new CoverTimer(this, late), Loop.NowMs, _options.PresenceGraceMs);
        }

        Peers.Begin(others);
        AnnounceRooms();
        _remote?.Settle();
    }

    /// <summary>A node is gone: its rooms at once, its members after the grace.</summary>
    private void Lose(Incarnation node)
    {
        if (!IsOwner)
        {
            return;
        }

        _peers?.Forget(node);
        foreach (var channel in Channels)
        {
            Step(channel.Name, new ChannelInput.Uninterest(node));
        }

        Loop.Wheel.Set(new CoverTimer(this, node), Loop.NowMs, _options.PresenceGraceMs);
    }

    private void GraceIsOver(Incarnation node)
    {
        if (!IsOwner)
        {
            return;
        }

        foreach (var channel in Channels)
        {
            // It may have come back to life, and announced itself.
            if (!channel.IsInterested(node))
            {
                Step(channel.Name, new ChannelInput.NodeGone(node));
            }
        }

        _peers?.Cover(node);
    }

    /// <summary>After a bug in a channel: the other nodes stay in it, and are told that its stream broke.</summary>
    private void InheritFrom(ChannelActor late)
    {
        if (!_node.HasPeers || !late.HasInterestBeyond(Self))
        {
            return;
        }

        var channel = BusyPlaceOf(late.Name).Channel!;
        channel.Inherit(late, Self);
        foreach (var node in channel.InterestedNodes.ToArray())
        {
            TellRoom(node, late.Name, new RoomInput.Interested(
                Stream: null, channel.Stream.Position, channel.Stream.LastTerm, channel.Stream.Boundaries, Missed: null));
        }
    }

    private sealed class CoverTimer(ShardActor shard, Incarnation node) : Loops.WheelTimer
    {
        protected internal override void Fire() => shard.GraceIsOver(node);
    }
}
