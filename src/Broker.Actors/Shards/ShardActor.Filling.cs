using Broker.Actors.Channels;
using Broker.Actors.Cluster;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>Whom the owner has hold the shard's events, and what it sends them of it.</summary>
internal sealed partial class ShardActor
{
    private Holders? _holders;

    /// <summary>Who must hold the events of this node's channels.</summary>
    public Holders Holders => _holders ??= new Holders(this);

    /// <summary>The places of the channels that this node owns and whose events are kept.</summary>
    public IEnumerable<ChannelPlace> Places => _channels.Owned.Where(place => !place.Channel!.IsLive);

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

    public void SendFilled(Incarnation node, ChannelPlace place)
    {
        foreach (var item in FilledItems(node, place.Name, place.Channel!.Stream))
        {
            SendTo(node, item);
        }
    }

    /// <summary>Bytes of one answer that a node may be sent.</summary>
    public long LargestAnswer(Incarnation node) => Port.GaugeOf(node)?.LargestAnswer ?? long.MaxValue;

    /// <summary>An emit is answered though no other node holds its event.</summary>
    public void CountHeldAlone() => _node.Counters.EmitsHeldAlone.Add(1);

    public void CountFilled() => _node.Counters.ShardsFilled.Add(1);

    /// <summary>
    /// The last part of a channel that was filled in several, as the channel is by now. Its later events alone would not do: a room that was
    /// reset meanwhile, and so stands behind them with nothing before, takes them for repeats, and would have a hole where the fill ends.
    /// </summary>
    private NodeItem.Filled UpToNow(NodeItem.Filled last, ChannelStream stream, long filledTo) => last with
    {
        Position = stream.Position,
        LastTerm = stream.LastTerm,
        Boundaries = [.. stream.Boundaries],
        Numbers = Peers.Ledgers.NumbersOf(last.Channel),
        Events = [.. last.Events, .. stream.Window.Read(last.Channel, filledTo + 1, int.MaxValue)],
    };

    /// <summary>As they are now, whenever they are sent.</summary>
    private NodeItem.Filled[] FilledItems(Incarnation node, ChannelName name, ChannelStream stream)
    {
        var window = stream.Window.Read(name, stream.Window.FirstOffset, int.MaxValue);
        var (position, boundaries, numbers) = (stream.Position, stream.Boundaries.ToArray(), Peers.Ledgers.NumbersOf(name));
        return [.. Slices.Of(window, LargestAnswer(node)).Select(slice => new NodeItem.Filled(
            name, position, stream.LastTerm, boundaries, numbers, slice.Part, slice.HasMore))];
    }

    private bool FitsAtOnce(Incarnation node, NodeItem.Filled[] items) =>
        items.Length == 1 || items.Sum(item => item.Events.Sum(one => (long)EventCodec.Size(one))) <= LargestAnswer(node);
}
