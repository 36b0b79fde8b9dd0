using System.Diagnostics;
using Broker.Actors.Loops;
using Broker.Messages;
using Broker.Messages.Cluster;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Cluster;

/// <summary>
/// The node's links, on one loop: turns them with the clock, hands their batches to the bus, and passes what arrives on to
/// the loops of its shards. A node that the directory does not name is not listened to: it says it again.
/// </summary>
internal sealed partial class LinksActor : Actor, IDeferred
{
    /// <summary>The generation of what travels outside links; no link has it.</summary>
    private const long OutsideLinks = 0;

    private readonly Dictionary<Incarnation, PeerLink> _peers = [];
    private readonly WireWriter _batch = new();
    private readonly List<Range> _taken = [];
    private readonly LocalNode _node;
    private readonly INodeBus _bus;
    private readonly LinkLimits _limits;
    private readonly ILogger _logger;
    private readonly LinkTimer _timer;
    private readonly Dictionary<Incarnation, BusAddress> _addresses = [];
    private readonly Dictionary<SendId, Incarnation> _deposing = [];
    private readonly BusProbe _probe = new();
    private BusAddress? _address;
    private bool _isRegistered;
    private bool _hasBeenFresh;
    private long _probedAtMs;
    private long _freshUntilAt;
    private long _probeReturnedAt;
    private volatile bool _isConnected;
    private bool _isDeferred;
    private long _lastGeneration;
    private long _lastSend;

    public LinksActor(LocalNode node, Loop loop, INodeBus bus, LinkLimits limits, ILogger logger)
        : base(loop)
    {
        _node = node;
        _bus = bus;
        _limits = limits;
        _logger = logger;
        _timer = new LinkTimer(this);
    }

    /// <summary>Bytes that the link with the most of them has under way.</summary>
    public long MostUnacknowledgedBytes => _peers.Count == 0 ? 0 : _peers.Values.Max(peer => peer.Link.UnacknowledgedBytes);

    /// <summary>True while all that others sent more than a moment ago has been received (cluster protocol, Probe). From any thread.</summary>
    public bool IsFresh => _isConnected && _node.Time.GetTimestamp() < Volatile.Read(ref _freshUntilAt);

    /// <summary>When a probe last came back, however late, by the loops' clock. From any thread.</summary>
    public long ProbedAt => Volatile.Read(ref _probeReturnedAt);

    protected override void Receive(object message)
    {
        switch (message)
        {
            case LinkMessage.Send send: Send(send); break;
            case LinkMessage.SendOutside send: SendOutside(send); break;
            case LinkMessage.Received received: Take(received.Batch); break;
            case LinkMessage.Depose depose: Depose(depose.To); break;
            case LinkMessage.Confirmed confirmed: Deposed(confirmed.Id); break;
            case LinkMessage.Returned returned: Deposed(returned.Id); Missed(returned.To); break;
            case LinkMessage.Connected connected: Reconnected(connected.Self); break;
            case LinkMessage.Registered registered: Register(registered.Self); break;
            case LinkMessage.Disconnected: Disconnected(); break;
            case LinkMessage.Peers peers: Renew(peers); break;
            default: throw new UnreachableException();
        }

        FlushThisTick();
    }

    /// <summary>The Drained phase: each peer gets what has gathered, as few batches.</summary>
    public void Run()
    {
        _isDeferred = false;
        foreach (var peer in _peers.Values)
        {
            Flush(peer);
            Report(peer);
        }
    }

    private void Send(LinkMessage.Send send)
    {
        if (_peers.TryGetValue(send.To, out var peer))
        {
            var (resets, before) = (peer.Link.Resets, peer.Link.UnacknowledgedBytes + send.Items.Length);
            peer.Link.Send(send.Items, send.Count, Loop.NowMs);
            Note(peer, resets, before);
        }
    }

    private void Take(byte[] batch)
    {
        LinkHeader header;
        PeerLink? peer;
        try
        {
            header = LinkHeader.Read(batch);
            if (header.To != _node.Self)
            {
                return;
            }

            _taken.Clear();
            if (header.Generation == OutsideLinks)
            {
                TakeOutside(header, batch);
                return;
            }

            if (!_peers.TryGetValue(header.From, out peer))
            {
                return;
            }

            var (resets, before) = (peer.Link.Resets, peer.Link.UnacknowledgedBytes);
            var news = peer.Link.Receive(header, batch.AsSpan(LinkHeader.Size), Loop.NowMs, _taken);
            Note(peer, resets, before);
            Report(peer);
            if (news != LinkNews.None && _node.Rules.ResetsResynchronise)
            {
                LogResync(header.From, news);
                TellPorts(new PortMessage.Resync(header.From));
            }
        }
        catch (InvalidDataException fault)
        {
            LogGarbage(fault, batch.Length);
            _node.Counters.GarbageBatches.Add(1);
            return;
        }

        PassOn(header.From, batch, peer.Backlog);
    }

    /// <summary>Probes, and what raises terms: taken at once, in the order of the queue.</summary>
    private void TakeOutside(in LinkHeader header, byte[] batch)
    {
        if (header.From == _node.Self)
        {
            Volatile.Write(ref _probeReturnedAt, _node.Time.GetTimestamp());
            if (_probe.Returned(header.First) is { } sentAt && _isRegistered)
            {
                var wasFresh = IsFresh;
                var until = sentAt + (BusProbe.FreshMs * _node.Time.TimestampFrequency / 1_000);
                Volatile.Write(ref _freshUntilAt, Math.Min(until, _node.Cluster.OrdersUntilAt ?? until));
                TellPorts(new PortMessage.Fresh(_freshUntilAt));
                if (!wasFresh)
                {
                    _node.Counters.BusStale.Add(_hasBeenFresh ? 1 : 0);
                    _hasBeenFresh = true;
                    _node.Cluster.TellOrCall(new ClusterMessage.BecameFresh());
                }
            }

            return;
        }

        for (var at = LinkHeader.Size; at < batch.Length;)
        {
            var (size, _) = NodeItemCodec.Peek(batch.AsSpan(at));
            _taken.Add((at - LinkHeader.Size)..(at - LinkHeader.Size + size));
            at += size;
        }

        PassOn(header.From, batch, backlog: null);
    }

    private void SendOutside(LinkMessage.SendOutside send)
    {
        if (_isConnected && _addresses.TryGetValue(send.To, out var address))
        {
            _batch.Clear();
            new LinkHeader(_node.Self, send.To, OutsideLinks, 0, 0, 0, 0, HasGap: false, WantsAck: false).Write(_batch);
            _batch.Raw(send.Items);
            _bus.TrySend(address, new SendId(++_lastSend), _batch.WrittenMemory);
        }
    }

    /// <summary>Confirmed or returned, it counts as told.</summary>
    private void Depose(Incarnation node)
    {
        if (!_addresses.TryGetValue(node, out var address))
        {
            _node.Cluster.Tell(new ClusterMessage.DeposeArrived(node));   // it was never reachable here
            return;
        }

        _batch.Clear();
        new LinkHeader(_node.Self, node, OutsideLinks, 0, 0, 0, 0, HasGap: false, WantsAck: false).Write(_batch);
        NodeItemCodec.Write(_batch, default, new NodeItem.Depose());
        var id = new SendId(++_lastSend);
        if (_isConnected && _bus.TrySend(address, id, _batch.WrittenMemory, confirm: true))
        {
            _deposing[id] = node;
        }
    }

    private void Deposed(SendId id)
    {
        if (_deposing.Remove(id, out var node))
        {
            _node.Cluster.Tell(new ClusterMessage.DeposeArrived(node));
        }
    }

    private void Probe()
    {
        if (_isConnected && _address is { } self && Loop.NowMs - _probedAtMs >= BusProbe.EveryMs)
        {
            _probedAtMs = Loop.NowMs;
            _batch.Clear();
            var number = _probe.Send(_node.Time.GetTimestamp());
            new LinkHeader(_node.Self, _node.Self, OutsideLinks, number, number, 0, 0, HasGap: false, WantsAck: false).Write(_batch);
            _bus.TrySend(self, new SendId(++_lastSend), _batch.WrittenMemory);
        }
    }

    private void Register(BusAddress address)
    {
        if (!_isRegistered && address == _address)
        {
            _isRegistered = true;
            _probe.Forget();
            _probedAtMs = long.MinValue / 2;
            Probe();
        }
    }

    private void PassOn(Incarnation from, byte[] batch, LinkGauge? backlog)
    {
        if (_taken.Count == 0)
        {
            return;
        }

        var perLoop = new List<Range>?[_node.Loops.Count];
        foreach (var range in _taken)
        {
            var (start, end) = (range.Start.Value + LinkHeader.Size, range.End.Value + LinkHeader.Size);
            var shard = NodeItemCodec.Peek(batch.AsSpan(start, end - start)).Shard;
            (perLoop[(shard?.Value ?? 0) % perLoop.Length] ??= []).Add(start..end);
        }

        for (var loop = 0; loop < perLoop.Length; loop++)
        {
            if (perLoop[loop] is { } items)
            {
                var arrived = new PortMessage.Arrived(from, batch, items, backlog);
                backlog?.Add(arrived.Bytes);
                _node.Ports[loop].TellOrCall(arrived);
            }
        }
    }

    private void Renew(LinkMessage.Peers peers)
    {
        var others = peers.Others.ToDictionary(row => row.Incarnation);
        foreach (var gone in _peers.Keys.Where(peer => !others.ContainsKey(peer)).ToArray())
        {
            _peers.Remove(gone);
        }

        foreach (var (incarnation, row) in others)
        {
            if (!_peers.TryGetValue(incarnation, out var peer))
            {
                _lastGeneration = Math.Max(_lastGeneration + 1, Loop.UnixMs);
                peer = new PeerLink(new Link(_node.Self, incarnation, _lastGeneration, _limits, _node.Rules), _limits);
                _peers.Add(incarnation, peer);
            }

            if (row.Queue is { } queue && peer.Address != queue)
            {
                _addresses[incarnation] = queue;
                peer.Address = queue;
                peer.Link.SendAgain();
            }

            peer.Link.IsWatched = peers.Watched.Contains(incarnation);
        }

    }

    private void Missed(BusAddress to)
    {
        foreach (var (incarnation, address) in _addresses)
        {
            if (address == to)
            {
                _node.Cluster.Tell(new ClusterMessage.Unreachable(incarnation));
            }
        }
    }

    private void Reconnected(BusAddress self)
    {
        _isConnected = true;
        _address = self;
        _isRegistered = false;
        if (!_timer.IsSet)
        {
            Loop.Wheel.Set(_timer, Loop.NowMs, TimerWheel.StepMs);
        }

        foreach (var peer in _peers.Values)
        {
            peer.Link.SendAgain();
        }
    }

    private void Disconnected()
    {
        _isConnected = false;
        _isRegistered = false;
        Volatile.Write(ref _freshUntilAt, 0);
        TellPorts(new PortMessage.Fresh(0));
    }

    private void Flush(PeerLink peer)
    {
        if (!_isConnected || peer.Address is not { } address)
        {
            return;
        }

        _batch.Clear();
        peer.Link.HoldsAcks = peer.Backlog.IsHigh;
        while (peer.Link.TryWrite(_batch, Loop.NowMs))
        {
            if (!_bus.TrySend(address, new SendId(++_lastSend), _batch.WrittenMemory))
            {
                peer.Link.SendAgain();
                return;
            }

            _batch.Clear();
        }
    }

    private void Report(PeerLink peer)
    {
        var isUp = _isConnected && peer.Address is not null && !peer.Link.IsBroken && !peer.Link.IsSilent(Loop.NowMs);
        if (peer.IsUp != isUp)
        {
            peer.IsUp = isUp;
            TellPorts(new PortMessage.LinkChanged(peer.Link.Peer, isUp, peer.Gauge));
        }
    }

    private void Note(PeerLink peer, long resetsBefore, long bytesBefore)
    {
        peer.Gauge.Add(peer.Link.UnacknowledgedBytes - bytesBefore);
        if (peer.Link.Resets != resetsBefore)
        {
            _node.Counters.LinkResets.Add(1);
            LogReset(peer.Link.Peer);
        }
    }

    private void TellPorts(PortMessage message)
    {
        foreach (var port in _node.Ports)
        {
            port.TellOrCall(message);
        }
    }

    private void FlushThisTick()
    {
        if (!_isDeferred)
        {
            _isDeferred = true;
            Loop.Defer(LoopPhase.Drained, this);
        }
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Warning, Message = "Resetting the link to node {Peer}: it did not take what was sent")]
    private partial void LogReset(Incarnation peer);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Information, Message = "Beginning anew with node {Peer}: {News}")]
    private partial void LogResync(Incarnation peer, LinkNews news);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Warning, Message = "Dropping {Bytes} bytes from the bus that are no batch")]
    private partial void LogGarbage(Exception fault, int bytes);

    /// <summary>Announcements, acknowledgements and silence go by time.</summary>
    private sealed class LinkTimer(LinksActor links) : WheelTimer
    {
        protected internal override void Fire()
        {
            links.FlushThisTick();
            links.Probe();
            if (links._isConnected || links._peers.Count > 0)
            {
                links.Loop.Wheel.Set(this, links.Loop.NowMs, TimerWheel.StepMs);
            }
        }
    }
}
