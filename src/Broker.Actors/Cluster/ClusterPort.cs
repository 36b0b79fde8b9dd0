using System.Diagnostics;
using Broker.Actors.Loops;
using Broker.Actors.Queries;
using Broker.Actors.Shards;
using Broker.Messages;
using Broker.Messages.Cluster;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Cluster;

/// <summary>
/// A loop's way to other nodes: encodes what its shards say, one parcel per node and tick, and hands its shards what comes
/// for them. On a node alone it is never used.
/// </summary>
internal sealed partial class ClusterPort(LocalNode node, Loop loop, ILogger logger) : Actor(loop), IDeferred
{
    private const int ParcelBytes = 256 << 10;

    private readonly Dictionary<Incarnation, Parcel> _parcels = [];
    private readonly HashSet<Incarnation> _up = [];
    private readonly Dictionary<Incarnation, LinkGauge> _gauges = [];
    private readonly HashSet<Incarnation> _leased = [];
    private readonly Dictionary<Incarnation, long> _lost = [];
    private readonly WireWriter _outside = new();
    private long? _knowsLeasesSinceMs;
    private long _freshUntilAt;
    private long _freshSinceMs;
    private bool _isDeferred;

    /// <summary>
    /// True while all that others had sent a moment ago has been handed over on this loop: who owns a shard may order
    /// (cluster protocol, R1). On a node alone always.
    /// </summary>
    public bool IsFresh => node.IsAlone || !node.Rules.OrdersNeedAFreshBus || Loop.TickAt < _freshUntilAt;

    /// <summary>For how many milliseconds <see cref="IsFresh"/> has been true without a break; 0 when it is not.</summary>
    public long FreshForMs => IsFresh ? Loop.NowMs - _freshSinceMs : 0;

    /// <summary>True when what is sent to the node gets through, as far as is known.</summary>
    public bool IsUp(Incarnation peer) => _up.Contains(peer);

    /// <summary>The nodes that <see cref="IsUp"/> is true of.</summary>
    public IReadOnlyCollection<Incarnation> Up => _up;

    /// <summary>True when the node has a lease, as far as is known, whether it can be reached or not.</summary>
    public bool IsLeased(Incarnation peer) => _leased.Contains(peer);

    /// <summary>The nodes that <see cref="IsLeased"/> is true of.</summary>
    public IReadOnlyCollection<Incarnation> Leased => _leased;

    /// <summary>True when the node has had no lease for so many milliseconds.</summary>
    public bool IsGoneFor(Incarnation peer, long forMs) =>
        !IsLeased(peer) && !LostWithin(forMs).ContainsKey(peer) && Loop.NowMs - _knowsLeasesSinceMs >= forMs;

    /// <summary>Nodes that were lost less than so many milliseconds ago, with when.</summary>
    public IReadOnlyDictionary<Incarnation, long> LostWithin(long withinMs)
    {
        foreach (var (peer, atMs) in _lost)
        {
            if (Loop.NowMs - atMs >= withinMs)
            {
                _lost.Remove(peer);   // allowed while enumerating
            }
        }

        return _lost;
    }

    /// <summary>What is under way to the node; null before its link has been up.</summary>
    public LinkGauge? GaugeOf(Incarnation peer) => _gauges.GetValueOrDefault(peer);

    /// <summary>Sends an item, in order with all that this loop sends to the node. It may be lost when the link is reset.</summary>
    public void Send(Incarnation to, ItemHeader header, NodeItem item)
    {
        if (!_parcels.TryGetValue(to, out var parcel))
        {
            _parcels.Add(to, parcel = new Parcel());
        }

        parcel.Add(header, item);
        if (parcel.Bytes >= ParcelBytes)
        {
            Post(to, parcel);
        }
        else if (!_isDeferred)
        {
            _isDeferred = true;
            Loop.Defer(LoopPhase.Drained, this);
        }
    }

    /// <summary>Sends an item ahead of all that its link carries; it may be lost.</summary>
    public void SendOutside(Incarnation to, ItemHeader header, NodeItem item)
    {
        _outside.Clear();
        NodeItemCodec.Write(_outside, header, item);
        node.Links.TellOrCall(new LinkMessage.SendOutside(to, _outside.Written.ToArray()));
    }

    /// <summary>Hands over what has gathered for the node, ahead of the phase: it counts as under way from then on.</summary>
    public void Post(Incarnation to)
    {
        if (_parcels.TryGetValue(to, out var parcel))
        {
            Post(to, parcel);
        }
    }

    /// <summary>Hands over what has gathered for the node when it is worth a batch, so that it counts as under way.</summary>
    public void PostIfLarge(Incarnation to)
    {
        var large = Math.Min(ParcelBytes, GaugeOf(to)?.LargestAnswer ?? ParcelBytes) / 4;
        if (_parcels.TryGetValue(to, out var parcel) && parcel.Bytes >= large)
        {
            Post(to, parcel);
        }
    }

    /// <summary>The Drained phase: what has gathered goes to the links.</summary>
    public void Run()
    {
        _isDeferred = false;
        foreach (var (to, parcel) in _parcels)
        {
            Post(to, parcel);
        }
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case PortMessage.Arrived arrived: Take(arrived); break;
            case PortMessage.LinkChanged changed: LinkChanged(changed); break;
            case PortMessage.Resync resync: ForEachShard(shard => shard.Resync(resync.Peer)); break;
            case PortMessage.Owners owners: ChangeOwners(owners); break;
            case PortMessage.NodeCame came: Lease(came.Node); break;
            case PortMessage.NodeGone gone: Forget(gone); break;
            case PortMessage.GivenUp given: ForEachShard(shard => shard.Deliver(new ShardMessage.GivenUp(given.Node))); break;
            case PortMessage.AbleChanged able: ForEachShard(shard => shard.AbleChanged(able.Nodes)); break;
            case PortMessage.HoldersWritten written: ToOwnShard(written.Shard, shard => shard.HoldersWritten(written)); break;
            case PortMessage.Move move: ToOwnShard(move.Shard, shard => shard.Move(move)); break;
            case PortMessage.Fresh fresh: Freshen(fresh.UntilAt); break;
            default: throw new UnreachableException();
        }
    }

    private void Take(PortMessage.Arrived arrived)
    {
        foreach (var range in arrived.Items)
        {
            try
            {
                var item = NodeItemCodec.Read(arrived.Batch.AsSpan(range), out var header, out _);
                Hand(arrived.From, header, item);
            }
            catch (InvalidDataException fault)
            {
                LogGarbage(fault, arrived.From);
                node.Counters.GarbageItems.Add(1);
            }
        }

        arrived.Backlog?.Add(-arrived.Bytes);
    }

    private void Hand(Incarnation from, ItemHeader header, NodeItem? item)
    {
        if (item is null)
        {
            node.Counters.UnknownItems.Add(1);   // of a later release: acknowledged, and left out
        }
        else if (header.Shard is { } shard && shard.Value < node.Shards.All.Count)
        {
            node.Shards[shard].Deliver(new ShardMessage.Item(from, header.Term, item));
        }
        else if (item is NodeItem.Depose)
        {
            node.Cluster.TellOrCall(new ClusterMessage.Deposed(from));
        }
        else if (header.Shard is null)
        {
            node.PeerQuestions.TellOrCall(new PeerQuestion.Item(from, item));
        }
    }

    private void LinkChanged(PortMessage.LinkChanged changed)
    {
        _gauges[changed.Peer] = changed.Gauge;
        if (changed.IsUp)
        {
            _up.Add(changed.Peer);
            ForEachShard(shard => shard.LinkIsUp(changed.Peer));
        }
        else
        {
            _up.Remove(changed.Peer);
        }
    }

    private void ChangeOwners(PortMessage.Owners owners)
    {
        foreach (var row in owners.Changed)
        {
            if (node.Shards[row.Shard] is var shard && shard.Loop == Loop)
            {
                shard.Deliver(new ShardMessage.OwnerChanged(row.Owner, row.Term, owners.Live, owners.Able, owners.Absent, row.Holders));
            }
        }
    }

    private void Lease(Incarnation node)
    {
        _knowsLeasesSinceMs ??= Loop.NowMs;
        _leased.Add(node);
        _lost.Remove(node);
    }

    private void Forget(PortMessage.NodeGone gone)
    {
        _up.Remove(gone.Node);
        _gauges.Remove(gone.Node);
        _parcels.Remove(gone.Node);
        if (_leased.Remove(gone.Node))
        {
            _lost[gone.Node] = Loop.NowMs;   // who is found dead was lost when its lease ended
        }

        ForEachShard(shard => shard.Deliver(new ShardMessage.NodeGone(gone.Node, gone.MayReturn)));
    }

    private void Freshen(long untilAt)
    {
        var wasFresh = IsFresh;
        _freshUntilAt = untilAt;
        if (!wasFresh && IsFresh)
        {
            _freshSinceMs = Loop.NowMs;
            ForEachShard(shard => shard.OrderWaiting());
        }
    }

    private void ToOwnShard(ShardId shard, Action<ShardActor> action)
    {
        if (node.Shards[shard] is var own && own.Loop == Loop)
        {
            action(own);
        }
    }

    private void ForEachShard(Action<ShardActor> action)
    {
        for (var number = Loop.Index; number < node.Shards.All.Count; number += node.Loops.Count)
        {
            action(node.Shards.All[number]);
        }
    }

    private void Post(Incarnation to, Parcel parcel)
    {
        if (parcel.Count > 0)
        {
            var items = parcel.Take(out var count);
            GaugeOf(to)?.Add(items.Length);
            node.Links.TellOrCall(new LinkMessage.Send(to, items, count));
        }
    }

    [LoggerMessage(EventId = 3011, Level = LogLevel.Warning, Message = "Dropping an item of node {From} that cannot be read")]
    private partial void LogGarbage(Exception fault, Incarnation from);

    /// <summary>What waits for one node.</summary>
    private sealed class Parcel
    {
        private readonly WireWriter _writer = new();

        public int Count { get; private set; }

        public int Bytes => _writer.Length;

        public void Add(ItemHeader header, NodeItem item)
        {
            var start = _writer.Length;
            try
            {
                NodeItemCodec.Write(_writer, header, item);
                Count++;
            }
            catch
            {
                _writer.CutTo(start);   // half an item would spoil those behind it
                throw;
            }
        }

        public byte[] Take(out int count)
        {
            var items = _writer.Written.ToArray();
            count = Count;
            Count = 0;
            _writer.Clear();
            return items;
        }
    }
}
