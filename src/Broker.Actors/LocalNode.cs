using Broker.Actors.Channels;
using Broker.Actors.Cluster;
using Broker.Actors.Dialects;
using Broker.Actors.Ingress;
using Broker.Actors.Loops;
using Broker.Actors.Queries;
using Broker.Actors.Rights;
using Broker.Actors.Rooms;
using Broker.Actors.Sessions;
using Broker.Actors.Shards;
using Broker.Messages;
using Broker.Messages.Cluster;
using Microsoft.Extensions.Logging;

namespace Broker.Actors;

/// <summary>The actors of one node: its loops, its shards, its sessions. Everything else reaches them through here.</summary>
public sealed partial class LocalNode : IDisposable
{
    private readonly INodeBus _bus;
    private readonly bool _isAlone;
    private readonly long _madeAt;
    private long _lastSession;
    private int _sessions;
    private bool _hasPeers;

    public LocalNode(LocalNodeOptions options, Namespaces namespaces, ILoggerFactory loggers)
    {
        Time = options.Time;
        Random = options.Random;
        NewDigestKey = options.NewDigestKey;
        Self = options.Self ?? Incarnation.New();
        Rules = options.Cluster?.Rules ?? ProtocolRules.All;
        _madeAt = Time.GetTimestamp();
        Namespaces = namespaces;
        SessionLimits = options.Sessions;
        Access = new ChannelAccess(namespaces, options.Sessions);
        History = new HistoryBudget(options.HistoryMemory);
        Outboxes = new OutboxBudget(options.OutboxMemory);
        OutboxBytes = options.OutboxBytes;
        Apps = options.Apps;
        var logger = loggers.CreateLogger<LocalNode>();
        Loops = new LoopGroup(LoopGroup.CountFor(options.Loops), options.Poller, options.Time, logger);
        Rosters = [.. Loops.All.Select(loop => new LoopRoster(loop, Self, Access, OutboxBytes / 4))];
        Shards = new ShardMap(
            options.Shards,
            shard => new ShardActor(this, shard, Loops[shard.Value % Loops.Count], options.Shard, logger));
        Ports = [.. Loops.All.Select(loop => new ClusterPort(this, loop, logger))];
        PeerQuestions = new PeerQuestions(this, Loops[0]);
        Questions = new Questions(this, options.Time);
        Ingress = new LocalIngress(this);
        _isAlone = options.Cluster is null;
        var alone = new MemoryAuthority(options.Time, options.Shards);
        var cluster = options.Cluster ?? new ClusterOptions(LoopbackBus.Alone(options.Time), alone);
        _bus = cluster.Bus;
        ClusterLoop = _isAlone ? null : new Loop(Loops.Count, options.Poller(Loops.Count), options.Time, logger, "cluster");
        Links = new LinksActor(this, Loops[0], cluster.Bus, cluster.Links, logger);
        Cluster = new ClusterActor(this, ClusterLoop ?? Loops[0], cluster, options.Shards, logger);
        if (_isAlone)
        {
            // Before anything happens in them: a node alone is ready when it is made.
            foreach (var row in alone.TakeAll(Self))
            {
                Shards[row.Shard].OwnFromTheStart(row.Term);
            }
        }
    }

    /// <summary>This life of the node.</summary>
    public Incarnation Self { get; }

    /// <summary>The loops that sessions, rooms and shards are pinned to.</summary>
    public LoopGroup Loops { get; }

    /// <summary>
    /// Keeps the node's place among the others, and nothing else: a lease must not run out because there is much to do. Null on a node alone.
    /// </summary>
    public Loop? ClusterLoop { get; }

    /// <summary>Every loop of the node.</summary>
    public IReadOnlyList<Loop> AllLoops => ClusterLoop is null ? Loops.All : [.. Loops.All, ClusterLoop];

    public Namespaces Namespaces { get; }

    public HistoryBudget History { get; }

    public OutboxBudget Outboxes { get; }

    /// <summary>Bytes that may wait for one client.</summary>
    public int OutboxBytes { get; }

    /// <summary>
    /// Sessions of each app. Whoever opens a session in an app has taken a place there; the session gives it back, and takes another one
    /// when it changes its app.
    /// </summary>
    public AppPlaces Apps { get; }

    public Counters Counters { get; } = new();

    /// <summary>How backends and the node itself emit and ask.</summary>
    public IIngress Ingress { get; }

    /// <summary>Sessions open now.</summary>
    public int SessionCount => Volatile.Read(ref _sessions);

    /// <summary>The loops' clock.</summary>
    internal TimeProvider Time { get; }

    internal Random Random { get; }

    internal Func<DigestKey> NewDigestKey { get; }

    internal ProtocolRules Rules { get; }

    /// <summary>How long ago the node was made.</summary>
    public TimeSpan Uptime => Time.GetElapsedTime(_madeAt);

    // Read from any thread: the loops count on meanwhile, so what is told may be a moment old.

    /// <summary>Channels that this node owns.</summary>
    public int ChannelCount => Shards.All.Sum(shard => shard.ChannelCount);

    /// <summary>Channels that have, or had a moment ago, subscribers on this node.</summary>
    public int RoomCount => Shards.All.Sum(shard => shard.RoomCount);

    public int ShardCount => Shards.All.Count;

    public int OwnedShardCount => Shards.All.Count(shard => shard.IsOwner);

    /// <summary>Emits that wait for their shards.</summary>
    public int MailboxCount => Shards.All.Sum(shard => shard.Mailbox.Emits);

    internal SessionLimits SessionLimits { get; }

    internal ChannelAccess Access { get; }

    internal ShardMap Shards { get; }

    internal LoopRoster[] Rosters { get; }

    internal Questions Questions { get; }

    internal ClusterPort[] Ports { get; }

    internal LinksActor Links { get; }

    internal ClusterActor Cluster { get; }

    internal PeerQuestions PeerQuestions { get; }

    /// <summary>False on a node that knows no other one: nothing is looked up for them then.</summary>
    internal bool HasPeers
    {
        get => Volatile.Read(ref _hasPeers);
        set => Volatile.Write(ref _hasPeers, value);
    }

    /// <summary>True on a node that was made without a cluster.</summary>
    public bool IsAlone => _isAlone;

    /// <summary>Completes once every shard has an owner that this node knows.</summary>
    public Task Ready => _isAlone ? Task.CompletedTask : Cluster.Ready;

    public void Start()
    {
        Loops.Start();
        ClusterLoop?.Start();
        Join();
    }

    /// <summary>
    /// Gives this node's shards to the others, with all that they hold: no event is lost. Its sessions go on, and are the caller's to
    /// close before it takes its leave.
    /// </summary>
    public Task HandOverAsync() => TellClusterAsync(done => new ClusterMessage.HandOverAll(done));

    /// <summary>Takes this node's leave of the others; what it owns yet is released.</summary>
    public Task LeaveAsync() => TellClusterAsync(done => new ClusterMessage.Leave(done));

    /// <summary>Whether somebody may read a channel; from any thread. Sessions check it again.</summary>
    public Refusal MaySubscribe(Identity who, ChannelName channel) => Access.Subscribe(who, Access.Know(channel), proven: false);

    /// <summary>Opens a session; on the transport's loop.</summary>
    public SessionActor Open(IDialect dialect, string app, ITransport transport)
    {
        // The loop is in the number, so that a session is found by its id alone.
        var number = (Interlocked.Increment(ref _lastSession) * Loops.Count) + transport.Loop.Index;
        var session = new SessionActor(this, Rosters[transport.Loop.Index], new SessionId(Self, number), dialect, app, transport);
        Rosters[transport.Loop.Index].Add(session);
        Interlocked.Increment(ref _sessions);
        Counters.SessionsOpened.Add(session.Kind);
        session.Opened();
        return session;
    }

    /// <summary>Closes every session with a reason; returns when all have been told.</summary>
    public Task CloseAllAsync(Disconnect reason) =>
        Task.WhenAll(Rosters.Select(roster => LoopCall.RunAsync(roster.Loop, () =>
        {
            foreach (var session in roster.Sessions.ToArray())
            {
                session.Close(reason);
            }
        })));

    /// <summary>Calls the dialect's part of every session whose part is of this kind, each on its loop; returns when all have been called.</summary>
    public Task TellAllAsync<T>(Action<T> what)
        where T : class, IDialectSession =>
        Task.WhenAll(Rosters.Select(roster => LoopCall.RunAsync(roster.Loop, () =>
        {
            foreach (var session in roster.Sessions.ToArray())
            {
                session.TellDialect(what);
            }
        })));

    /// <summary>
    /// Asks every session to leave, spread over <paramref name="window"/>: it takes no more requests, and closes once those under way
    /// are answered. Returns when all have been asked.
    /// </summary>
    public Task DrainAsync(Disconnect reason, TimeSpan window, TimeProvider time, CancellationToken cancellationToken) =>
        new Drain(Rosters, reason, time).RunAsync(window, cancellationToken);

    public void Dispose()
    {
        ClusterLoop?.Dispose();
        Loops.Dispose();
        _ = _bus.DisposeAsync().AsTask();
    }

    /// <summary>Makes itself known to the other nodes; loops may start before or after.</summary>
    internal void Join()
    {
        if (!_isAlone)
        {
            Cluster.Tell(new ClusterMessage.Start());
        }
    }

    private Task TellClusterAsync(Func<TaskCompletionSource, ClusterMessage> message)
    {
        if (_isAlone)
        {
            return Task.CompletedTask;
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Cluster.Tell(message(done));
        return done.Task;
    }

    internal void SessionClosed(SessionActor session)
    {
        Interlocked.Decrement(ref _sessions);
        Counters.SessionsClosed.Add(session.Kind);
        Counters.Disconnects.Add(session.CloseCode);
    }
}
