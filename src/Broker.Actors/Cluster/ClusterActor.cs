using System.Diagnostics;
using Broker.Actors.Loops;
using Broker.Messages;
using Broker.Messages.Cluster;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Cluster;

/// <summary>
/// This node's place among the others: renews its lease each second, keeps the directory of who owns what, and claims
/// shards that nobody owns or whose owner is dead. Asks the authority one thing at a time; answers come as messages. It has a
/// loop to itself: were it to wait behind what a take-over makes of work, leases would run out, and that makes more take-overs.
/// </summary>
internal sealed partial class ClusterActor : Actor
{
    private const long RenewMs = 1_000;

    /// <summary>Milliseconds that a renewed lease counts here, from when the renewal was sent: less than it lasts.</summary>
    private const long LeaseMs = 4_000;

    /// <summary>Neighbours in the ring of live nodes whose end this node looks out for.</summary>
    private const int Watched = 2;

    private readonly LocalNode _node;
    private readonly ClusterOptions _options;
    private readonly ILogger _logger;
    private readonly RenewTimer _timer;
    private readonly LookTimer _look;
    private readonly Dictionary<Incarnation, NodeRow> _live = [];
    private readonly ShardRow[] _rows;
    private readonly AuthorityLine _questions;
    private readonly AuthorityLine _writes;
    private readonly AuthorityLine _renewals;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BusAddress? _address;
    private BusAddress? _registered;
    private long _version;
    private bool _hasRead;
    private bool _isRenewing;
    private bool _isReading;
    private long _renewedAtMs = long.MinValue / 2;
    private long _leaseUntilAt;
    private long _unbrokenSinceMs;
    private long _stillSinceMs;
    private NodeState _state = NodeState.Joining;

    public ClusterActor(LocalNode node, Loop loop, ClusterOptions options, int shards, ILogger logger)
        : base(loop)
    {
        _node = node;
        _options = options;
        _logger = logger;
        _questions = new AuthorityLine(this);
        _writes = new AuthorityLine(this);
        _renewals = new AuthorityLine(this);
        _timer = new RenewTimer(this);
        _look = new LookTimer(this);
        _claimTimer = new ClaimTimer(this);
        _leaveTimer = new LeaveTimer(this);
        _rows = [.. Enumerable.Range(0, shards).Select(number => new ShardRow(new ShardId(number), Owner: null, Term: 0, []))];
    }

    /// <summary>Completes once every shard has an owner that this node knows.</summary>
#pragma warning disable VSTHRD003 // Completed by the loop, which never waits for a task.
    public Task Ready => _ready.Task;
#pragma warning restore VSTHRD003

    /// <summary>True while this node's lease, counted from when its last renewal was sent, certainly runs.</summary>
    public bool HasLease => Loop.NowMs - _renewedAtMs < LeaseMs;

    /// <summary>Until when the lease certainly runs, by the loops' clock; null where ordering does not depend on it. From any thread.</summary>
    public long? OrdersUntilAt => _options.IsBusClustered ? Volatile.Read(ref _leaseUntilAt) : null;

    /// <summary>Nodes that may own and hold shards: they stay, and the bus reaches them.</summary>
    private Incarnation[] Able =>
        [.. _live.Values.Where(row => row.State != NodeState.Leaving && (row.Queue is not null || row.Incarnation == _node.Self)).Select(row => row.Incarnation)];

    /// <summary>The shards that this node knows itself to own; for the authority's answer and for health.</summary>
    public IEnumerable<ShardRow> Own => _rows.Where(row => row.Owner == _node.Self);

    protected override void Receive(object message)
    {
        switch (message)
        {
            case Answered answered: Receive(answered.Answer); answered.Line.Next(); break;
            case ClusterMessage.Start: Start(); break;
            case ClusterMessage.Connected connected: Connected(connected.Self); break;
            case ClusterMessage.Disconnected: _address = null; break;
            case ClusterMessage.News news: Hear(news); break;
            case ClusterMessage.Unreachable unreachable: LookAt(unreachable.Node, tell: true); break;
            case ClusterMessage.Renewed renewed: Renewed(renewed); break;
            case ClusterMessage.Read read: Read(read.Answer); break;
            case ClusterMessage.Claimed claimed: Claimed(claimed.Answer); break;
            case ClusterMessage.LockSeen seen: LockSeen(seen); break;
            case ClusterMessage.UnknownSeen seen: UnknownSeen(seen); break;
            case ClusterMessage.Reread: Read(); break;
            case ClusterMessage.BecameFresh: Claim(); break;
            case ClusterMessage.DeposeArrived arrived: DeposeArrived(arrived.Node); break;
            case ClusterMessage.Deposed deposed: HandOverTo(deposed.By); break;
            case ClusterMessage.HandedOver handed: ClaimHandedOver(handed); break;
            case ClusterMessage.ClaimBack back: ClaimBack(back.Shard); break;
            case ClusterMessage.ClaimedBack back: _claimedBack.Remove(back.Shard); Claimed(back.Answer); break;
            case ClusterMessage.WriteHolders write: WriteHolders(write); break;
            case ClusterMessage.HoldersWritten written: HoldersWritten(written); break;
            case ClusterMessage.MoveEnded ended: MoveEnded(ended.Shard); break;
            case ClusterMessage.HandOverAll all: HandOverAll(() => all.Done.TrySetResult()); break;
            case ClusterMessage.Leave leave: Leave(leave.Done); break;
            case ClusterMessage.Left left: left.Done.TrySetResult(); break;
            case ClusterMessage.Look or ClusterMessage.AskToLeave or ClusterMessage.Forget or ClusterMessage.ForgetSeen or ClusterMessage.Move:
                ReceiveOrder((ClusterMessage)message);
                break;
            default: throw new UnreachableException();
        }
    }

    private void Start()
    {
        _options.Bus.Start(new BusSink(_node.Links, this));
        Loop.Wheel.Set(_timer, Loop.NowMs, RenewMs);
    }

    private void Connected(BusAddress self)
    {
        _address = self;
        Renew();
        Tell(new NodeNews.Came());
    }

    private void Hear(ClusterMessage.News news)
    {
        if (news.From == _node.Self)
        {
            return;
        }

        switch (news.What)
        {
            case NodeNews.Came: Renew(); break;
            case NodeNews.Lost lost: LookAt(lost.Node, tell: false); break;
            case NodeNews.Claimed claimed:
                Change([.. claimed.Shards.Where(shard => shard.Shard.Value < _rows.Length)
                    .Select(shard => new ShardRow(shard.Shard, news.From, shard.Term, [news.From]))]);
                break;
            case NodeNews.Released: Renew(); Read(); break;   // who is there, and what is free
            case NodeNews.LeaveAsked asked: HearLeave(asked.Node); break;
        }
    }

    // The lease

    private void Renew()
    {
        if (_isRenewing || _hasLeft)
        {
            return;
        }

        _isRenewing = true;
        var row = new NodeRow(
            _node.Self, _options.Name, _options.Url, _address, NodeItemCodec.Version, _state, IsBusOk: _node.Links.IsFresh);
        _renewals.Add(() => RenewAsync(row));   // in a line of its own: the lease waits behind nothing
    }

    /// <summary>Runs when it is its turn: the lease counts from when the renewal is sent.</summary>
    private async Task<ClusterMessage> RenewAsync(NodeRow row)
    {
        var (sentAtMs, sentAt) = (Loop.NowMs, _node.Time.GetTimestamp());
        return new ClusterMessage.Renewed(sentAtMs, sentAt, row.Queue, await _options.Authority.RenewAsync(row, default));
    }

    private void Renewed(ClusterMessage.Renewed renewed)
    {
        _isRenewing = false;
        if (renewed.Answer is not Answer<Renewal>.Done { Value: var renewal })
        {
            LogNotRenewed(renewed.Answer.ToString());
            return;
        }

        if (renewed.SentAtMs - _renewedAtMs > LeaseMs)
        {
            _unbrokenSinceMs = renewed.SentAtMs;
            Tell(new NodeNews.Came());   // who took it for lost looks again
        }

        _renewedAtMs = renewed.SentAtMs;
        Volatile.Write(ref _leaseUntilAt, renewed.SentAt + (LeaseMs * _node.Time.TimestampFrequency / 1_000));
        _registered = renewed.Queue;
        var before = _live.Values.ToArray();
        var ableBefore = Able;
        _live.Clear();
        foreach (var row in renewal.Live)
        {
            if (_dead.TryGetValue(row.Incarnation, out var dead) && dead.Queue == row.Queue && Loop.NowMs - dead.AtMs < DeadMs)
            {
                continue;   // its lease runs out yet
            }

            _dead.Remove(row.Incarnation);
            if (renewal.LeftMs.GetValueOrDefault(row.Incarnation) > NearEndMs)
            {
                _deposed.Remove(row.Incarnation);
            }

            _unleased.Remove(row.Incarnation);
            _unknown.Remove(row.Incarnation);
            _live[row.Incarnation] = row;
        }

        foreach (var gone in before.Where(row => !_live.ContainsKey(row.Incarnation)))
        {
            var mayLive = gone.State != NodeState.Leaving;
            if (mayLive)
            {
                _unleased[gone.Incarnation] = gone;
            }

            Lost(gone.Incarnation, mayLive);
        }

        foreach (var came in _live.Keys.Where(node => !Array.Exists(before, row => row.Incarnation == node)))
        {
            TellPorts(new PortMessage.NodeCame(came));
        }

        foreach (var silent in _unleased.Values.Where(row => row.Queue is null).ToArray())
        {
            LookAt(silent.Incarnation, tell: false);   // by its own word the bus does not reach it: only its lock tells
        }

        TellLinks();
        TellAble(ableBefore);
        LookOutForEnds(renewal.LeftMs);
        if (!_hasRead || renewal.DirectoryVersion != _version)
        {
            _version = renewal.DirectoryVersion;
            Read();
        }
        else
        {
            TellRegistered();
            Claim();
            Balance();
            LeaveWhenEmpty();
        }
    }

    /// <summary>
    /// Where this node is reached stands in its row, and what others claimed while it was not reached has been read: from here
    /// on its bus can be fresh (R1).
    /// </summary>
    private void TellRegistered()
    {
        if (_registered is { } queue)
        {
            _node.Links.TellOrCall(new LinkMessage.Registered(queue));
        }
    }

    // The directory

    private void Read()
    {
        if (!_isReading)
        {
            _isReading = true;
            Ask(async () => new ClusterMessage.Read(await _options.Authority.ReadAsync(default)));
        }
    }

    private void Read(Answer<ShardRow[]> answer)
    {
        _isReading = false;
        if (answer is Answer<ShardRow[]>.Done { Value: var rows })
        {
            _hasRead = true;
            _state = _state == NodeState.Joining ? NodeState.Up : _state;
            Change(rows);
            TellRegistered();
            EndOrders(OrderOutcome.NotTaken);
            Claim();
            Balance();
        }
        else
        {
            _version = 0;   // with the next renewal
            EndOrders(OrderOutcome.NoAuthority);
        }
    }

    private void Change(IReadOnlyList<ShardRow> rows)
    {
        var changed = new List<ShardRow>();
        var stopped = new List<ShardRow>();
        foreach (var row in rows)
        {
            ref var known = ref _rows[row.Shard.Value];
            if (row.Term < known.Term)
            {
                continue;
            }

            if (row.Owner == _node.Self && row.Term == known.Term && known.Owner is null)
            {
                stopped.Add(row);   // released here, and not there, or not yet
                continue;
            }

            if (row.Term != known.Term || row.Owner != known.Owner)
            {
                changed.Add(row);
                if (row.Owner == _node.Self)
                {
                    Doubt(row.Holders);   // as the claim found them: what this node read before may be old
                }

                _moving.Remove(row.Shard);
            }

            known = row;
            EndOrder(row);
        }

        if (changed.Count > 0)
        {
            TellPorts(new PortMessage.Owners(changed, [.. _live.Keys], Able, [.. MayReturn]));
        }

        LeaveWhenEmpty();

        if (stopped.Count > 0)
        {
            ClaimBack(stopped);
        }

        if (_hasRead && Array.TrueForAll(_rows, row => row.Owner is { } owner && _live.ContainsKey(owner)))
        {
            _ready.TrySetResult();
        }
    }

    // The others

    /// <param name="mayReturn">True: it may come back with what it has; if not, it is given up later.</param>
    private void Lost(Incarnation node, bool mayReturn)
    {
        LogLost(node);
        _node.PeerQuestions.TellOrCall(new Queries.PeerQuestion.NodeGone(node));
        TellPorts(new PortMessage.NodeGone(node, mayReturn));
    }

    private void Tell(NodeNews news)
    {
        var writer = new WireWriter();
        news.Write(writer, _node.Self);
        _options.Bus.TryNews(writer.WrittenMemory);
    }

    private void TellLinks()
    {
        var others = _live.Values.Where(row => row.Incarnation != _node.Self).ToArray();
        var ring = _live.Keys.Append(_node.Self).Distinct().OrderBy(node => node.Value).ToList();
        var self = ring.IndexOf(_node.Self);
        var watched = Enumerable.Range(1, Watched).Select(ahead => ring[(self + ahead) % ring.Count]).Where(node => node != _node.Self);
        _node.HasPeers = others.Length > 0;
        _node.PeerQuestions.TellOrCall(new Queries.PeerQuestion.Peers([.. others.Select(row => row.Incarnation)]));
        _node.Links.TellOrCall(new LinkMessage.Peers(others, [.. watched]));
    }

    private void TellAble(IReadOnlyList<Incarnation> before)
    {
        var able = Able;
        if (!before.ToHashSet().SetEquals(able))
        {
            _stillSinceMs = Loop.NowMs;
            _kept.Clear();
            TellPorts(new PortMessage.AbleChanged(able));
        }
    }

    private void TellPorts(PortMessage message)
    {
        foreach (var port in _node.Ports)
        {
            port.TellOrCall(message);
        }
    }

    /// <summary>One question after the other, so that answers come in the order of what they saw.</summary>
    private void Ask(Func<Task<ClusterMessage>> question) => _questions.Add(question);

    [LoggerMessage(EventId = 3022, Level = LogLevel.Information, Message = "Node {Node} is gone")]
    private partial void LogLost(Incarnation node);

    [LoggerMessage(EventId = 3023, Level = LogLevel.Warning, Message = "The lease was not renewed: {Answer}")]
    private partial void LogNotRenewed(string answer);

    private sealed record Answered(AuthorityLine Line, ClusterMessage Answer);

    /// <summary>Questions that are asked one at a time; what they come to is told to the actor.</summary>
    private sealed class AuthorityLine(ClusterActor cluster)
    {
        private readonly Queue<Func<Task<ClusterMessage>>> _waiting = [];
        private bool _isAsking;

        public void Add(Func<Task<ClusterMessage>> question)
        {
            _waiting.Enqueue(question);
            if (!_isAsking)
            {
                Next();
            }
        }

        public void Next()
        {
            _isAsking = _waiting.TryDequeue(out var question);
            if (_isAsking)
            {
                _ = AnswerAsync(question!);
            }
        }

        private async Task AnswerAsync(Func<Task<ClusterMessage>> question)
        {
            var answer = await question();
            cluster.Tell(new Answered(this, answer));
        }
    }

    /// <summary>Looks again when a lease is about to end.</summary>
    private sealed class LookTimer(ClusterActor cluster) : WheelTimer
    {
        protected internal override void Fire() => cluster.Renew();
    }

    private sealed class RenewTimer(ClusterActor cluster) : WheelTimer
    {
        protected internal override void Fire()
        {
            cluster.Loop.Wheel.Set(this, cluster.Loop.NowMs, RenewMs);
            cluster.Renew();
            cluster.ReleaseIfStale();
            cluster.GiveUp();
        }
    }
}
