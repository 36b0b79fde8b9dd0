using Broker.Actors.Channels;
using Broker.Actors.Cluster;
using Broker.Actors.Presence;
using Broker.Actors.Rooms;
using Broker.Actors.Sessions;
using Broker.Actors.Tracing;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>What the shard's nodes say to each other.</summary>
internal sealed partial class ShardActor
{
    private readonly List<SessionActor> _wantWake = [];
    private (Incarnation From, string Traceparent)? _announced;
    private TraceLink? _trace;
    private RemoteOwner? _remote;
    private ShardPeers? _peers;
    private PacedSends? _paced;
    private volatile bool _isFull;

    public ProtocolRules Rules => _node.Rules;

    public ClusterPort Port => _node.Ports[Loop.Index];

    /// <summary>The channels here, as of now.</summary>
    public ChannelActor[] Channels => _channels.All;

    private RemoteOwner Remote => _remote ??= new RemoteOwner(this, _options);

    private ShardPeers Peers => _peers ??= new ShardPeers(this);

    public NodeRoom? FindRoom(ChannelName channel) => _channels.FindRoom(channel);

    /// <summary>What a room that may know who is here is told of many members, to ask for what differs; null of a few.</summary>
    public RoomInput.MemberDigests? DigestsOf(Members members)
    {
        if (members.Count <= _options.MembersToldWhole)
        {
            return null;
        }

        var digest = members.DigestUnder(_node.NewDigestKey());
        return new RoomInput.MemberDigests(digest.Key, digest.Sums);
    }

    /// <summary>Tells a channel what does not matter where there is none.</summary>
    public void StepIfThere(ChannelName channel, ChannelInput input)
    {
        if (_channels.Find(channel) is not null)
        {
            Step(channel, input);
        }
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

    /// <summary>The rooms here, as of now.</summary>
    public NodeRoom[] Rooms => _channels.Rooms;

    /// <summary>To a node, in order with all that the shard sends it.</summary>
    public void SendTo(Incarnation node, NodeItem item) => Port.Send(node, new ItemHeader(Id, Term), item);

    /// <summary>To a node, ahead of all that is on its way there; it may be lost.</summary>
    public void SendOutside(Incarnation node, NodeItem item) => Port.SendOutside(node, new ItemHeader(Id, Term), item);

    /// <summary>What is large: as the node takes it.</summary>
    public void SendPaced(Incarnation node, IEnumerable<IEnumerable<NodeItem>> groups) => (_paced ??= new PacedSends(this)).Add(node, groups);

    public void DropPaced(Incarnation node) => _paced?.Drop(node);

    /// <summary>True while something large is on its way to the node: what must come behind it is to be sent the same way.</summary>
    public bool IsPaced(Incarnation node) => _paced is { } paced && paced.IsUnderWay(node);

    /// <summary>Items get through to a node again.</summary>
    public void LinkIsUp(Incarnation peer)
    {
        _takeOver?.Returned(peer);
        if (IsInPlace)
        {
            SendTo(peer, new NodeItem.InPlace());
        }
        else if (Owner == peer)
        {
            Remote.Resync();
        }
    }

    /// <summary>What was said to a node, or by it, may be lost.</summary>
    public void Resync(Incarnation peer)
    {
        _paced?.Drop(peer);
        _fetches?.Drop(peer);
        if (Owner == peer)
        {
            _answeredTerm = 0;
            _holdsAll = false;
        }

        _takeOver?.Resync(peer);
        LinkIsUp(peer);
        if (IsInPlace)
        {
            _holders?.Resync(peer);
            _move?.Resync(peer);
        }
    }

    /// <summary>Sessions whose emits found no place may try again, where there is some.</summary>
    public void WakeWaiting()
    {
        _isFull = IsOwner ? _waitingEmits is { IsFull: true } : Remote.IsFull;
        if (!_isFull && _wantWake.Count > 0)
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
        var stream = new ChannelStream(
            channel,
            interested.Position.Epoch,
            interested.Position.Offset - missed.Length,
            missed.Length > 0 ? missed[0].PreviousTerm : interested.LastTerm,
            interested.Boundaries,
            OptionsOf(channel),
            _node.History);
        var follower = new RoomFollower(stream, [], Rules);
        foreach (var one in missed)
        {
            follower.Offer(one);
        }

        return follower;
    }

    private void Forward(ChannelInput.Emit emit, long atMs)
    {
        Remote.Emit(emit, atMs);
        _isFull = Remote.IsFull;
    }

    private void Wake(SessionActor session)
    {
        if (_isFull)
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

    private void Publish(ChannelPlace place, ChannelActor channel, ChannelEvent ordered, in Cause cause)
    {
        if (ordered.From.Number > 0)
        {
            Peers.Ledgers.Ordered(channel.Name, ordered.From);
        }

        var (standby, next) = _holders is null ? default : _holders.KeepersOf(place);
        if (channel.HasInterestBeyond(Self) || standby is not null || next is not null)
        {
            Peers.Publish(channel, standby, next, ordered, cause);
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
                ChangeOwner(ShardMessage.OwnerChanged.Heard(item.From, item.Term));
            }

            TakeFromOwner(item.From, item.What);
        }
    }

    private void TakeAsOwner(ShardMessage.Item item)
    {
        if (IsOwner && item.Term == Term && _takeOver is { } takeOver && IsAboutHoldings(item.What))
        {
            takeOver.Take(item.From, item.What);
        }
        else if (IsInPlace && item.Term == Term)
        {
            Peers.Take(item.From, item.What);
        }
        else if (item.What is NodeItem.AnnounceBegin or NodeItem.Emit or NodeItem.AskHistory or NodeItem.AskPresence)
        {
            SendTo(item.From, new NodeItem.Moved(Owner));
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
            ChangeOwner(ShardMessage.OwnerChanged.Heard(owner, term));
        }
    }

    private static bool IsForOwner(NodeItem item) => item is
        NodeItem.Emit or NodeItem.Interest or NodeItem.Uninterest or NodeItem.Count or NodeItem.Join or NodeItem.Leave or NodeItem.PullMembers
        or NodeItem.Repair or NodeItem.Recover or NodeItem.AskHistory or NodeItem.AskPresence
        or NodeItem.AnnounceBegin or NodeItem.AnnounceEnd or NodeItem.Held or NodeItem.FillDone
        || IsAboutHoldings(item);

    private static bool IsAboutHoldings(NodeItem item) =>
        item is NodeItem.HoldingsBegin or NodeItem.Holding or NodeItem.HoldingsEnd or NodeItem.Fetched;

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
}
