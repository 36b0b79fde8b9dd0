using Broker.Actors.Channels;
using Broker.Actors.Cluster;
using Broker.Actors.Loops;
using Broker.Actors.Rooms;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>What this node holds of a shard that another node owns.</summary>
internal sealed partial class ShardActor
{
    /// <summary>Milliseconds after which an owner that asks again has not got the answer.</summary>
    private const long AnswerAgainMs = 1_000;

    private readonly SliceBuffer<ChannelEvent> _filled = new();
    private readonly HashSet<NodeRoom> _toldHeld = [];
    private HashSet<ChannelName>? _filling;

    /// <summary>What new owners have asked for; apart from the rest, which is begun anew where this is not.</summary>
    private PacedSends? _fetches;
    private HeldReport? _heldReport;
    private long _answeredTerm;
    private long _answeredAtMs;
    private bool _holdsAll;

    /// <summary>A room that is kept has taken events: the owner is told at the end of the tick.</summary>
    public void Holds(NodeRoom room)
    {
        _toldHeld.Add(room);
        _heldReport ??= new HeldReport(this);
        _heldReport.Ask();
    }

    private void TakeFromOwner(Incarnation from, NodeItem item)
    {
        switch (item)
        {
            case NodeItem.Collect: AnswerCollect(from); break;
            case NodeItem.InPlace: Remote.InPlace(); break;
            case NodeItem.Fetch fetch: AnswerFetch(from, fetch); break;
            case NodeItem.FillBegin: _filling = []; _filled.Clear(); _holdsAll = false; break;
            case NodeItem.Filled filled: TakeFilled(filled); break;
            case NodeItem.FillEnd end: EndFill(from, end.Number); break;
            case NodeItem.Forgotten forgotten: Unkeep(_channels.FindRoom(forgotten.Channel)); break;
            case NodeItem.Release: _holdsAll = false; ReleaseRooms(static _ => true); break;
            case NodeItem.HandOver: TakeHandOver(from); break;
            default: Remote.Take(item); break;
        }
    }

    /// <summary>Says what there is of the shard here. The old owner is fenced off by now, and what it sent out of order is void.</summary>
    private void AnswerCollect(Incarnation from)
    {
        if (_answeredTerm == Term && (IsPaced(from) || Loop.NowMs - _answeredAtMs < AnswerAgainMs))
        {
            return;   // the answer is on its way
        }

        _answeredTerm = Term;
        _answeredAtMs = Loop.NowMs;
        foreach (var room in _channels.Rooms)
        {
            room.Copy?.DropHeld();
        }

        _paced?.Drop(from);
        SendPaced(from, Holdings());
    }

    private IEnumerable<IEnumerable<NodeItem>> Holdings()
    {
        yield return [new NodeItem.HoldingsBegin()];
        foreach (var holding in OwnHoldings().ToArray())
        {
            yield return [holding];
        }

        yield return [new NodeItem.HoldingsEnd()];
    }

    private void AnswerFetch(Incarnation from, NodeItem.Fetch fetch)
    {
        var window = _channels.FindRoom(fetch.Channel)?.Copy?.Stream.Window;
        var count = (int)Math.Clamp(fetch.To - fetch.From + 1, 0, int.MaxValue);
        var events = window?.Read(fetch.Channel, fetch.From, count) ?? [];
        _fetches ??= new PacedSends(this);
        _fetches.Add(from, Slices.Of(events, LargestAnswer(from))
            .Select(slice => new[] { new NodeItem.Fetched(fetch.Channel, slice.Part, slice.HasMore) }));
    }

    private void TakeFilled(NodeItem.Filled item)
    {
        if (_filled.Add(item.GetType(), item.Channel, ticket: 0, item.Events, item.HasMore) is { } window)
        {
            var room = RoomOf(item.Channel);
            room.Keep(new RoomInput.Interested(Stream: null, item.Position, item.LastTerm, item.Boundaries, Missed: null), window, item.Numbers);
            if (_filling is { } filling)
            {
                filling.Add(item.Channel);   // the fill's end says of all of them that they are held
            }
            else
            {
                Holds(room);
            }
        }
    }

    private void EndFill(Incarnation from, long number)
    {
        if (_filling is { } filled)
        {
            _filling = null;
            _holdsAll = true;
            ReleaseRooms(room => !filled.Contains(room.Channel));
            SendTo(from, new NodeItem.FillDone(number));
        }
    }

    private void ReleaseRooms(Func<NodeRoom, bool> which)
    {
        foreach (var room in _channels.Rooms.Where(room => room.IsKept && which(room)).ToArray())
        {
            Unkeep(room);
        }
    }

    private void Unkeep(NodeRoom? room)
    {
        if (room is not null && room.Unkeep() && _channels.Remove(room))
        {
            room.Drop();
        }
    }

    /// <summary>All that the owner has ordered is here, if nothing on the way was lost since the fill; else it goes on itself.</summary>
    private void TakeHandOver(Incarnation from)
    {
        if (_holdsAll)
        {
            _handedOver = (from, Term);
            _node.Cluster.TellOrCall(new ClusterMessage.HandedOver(new ShardTerm(Id, Term), from));
        }
    }

    /// <summary>At the end of a tick: what the kept rooms have.</summary>
    private sealed class HeldReport(ShardActor shard) : IDeferred
    {
        private bool _isAsked;

        public void Ask()
        {
            if (!_isAsked)
            {
                _isAsked = true;
                shard.Loop.Defer(LoopPhase.Drained, this);
            }
        }

        public void Run()
        {
            _isAsked = false;
            if (!shard.IsOwner && shard.Owner is { } owner)
            {
                foreach (var room in shard._toldHeld)
                {
                    if (room.IsKept && room.Copy is { } copy)
                    {
                        shard.SendTo(owner, new NodeItem.Held(room.Channel, copy.Stream.Offset));
                    }
                }
            }

            shard._toldHeld.Clear();
        }
    }
}
