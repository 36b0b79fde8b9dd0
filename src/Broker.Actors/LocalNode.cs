using Broker.Actors.Channels;
using Broker.Actors.Dialects;
using Broker.Actors.Ingress;
using Broker.Actors.Loops;
using Broker.Actors.Queries;
using Broker.Actors.Rights;
using Broker.Actors.Rooms;
using Broker.Actors.Sessions;
using Broker.Actors.Shards;
using Broker.Messages;
using Microsoft.Extensions.Logging;

namespace Broker.Actors;

/// <summary>The actors of one node: its loops, its shards, its sessions. Everything else reaches them through here.</summary>
public sealed class LocalNode : IDisposable
{
    private long _lastSession;
    private int _sessions;

    public LocalNode(LocalNodeOptions options, Namespaces namespaces, ILoggerFactory loggers)
    {
        Namespaces = namespaces;
        SessionLimits = options.Sessions;
        History = new HistoryBudget(options.HistoryMemory);
        Outboxes = new OutboxBudget(options.OutboxMemory);
        OutboxBytes = options.OutboxBytes;
        var logger = loggers.CreateLogger<LocalNode>();
        Loops = new LoopGroup(LoopGroup.CountFor(options.Loops), options.Poller, options.Time, logger);
        Rosters = [.. Loops.All.Select(loop => new LoopRoster(loop, Self))];
        Shards = new ShardMap(
            options.Shards,
            shard => new ShardActor(this, shard, Loops[shard.Value % Loops.Count], options.Shard, logger));
        Questions = new Questions(this, options.Time);
        Ingress = new LocalIngress(this);
    }

    /// <summary>This life of the node.</summary>
    public Incarnation Self { get; } = Incarnation.New();

    public LoopGroup Loops { get; }

    public Namespaces Namespaces { get; }

    public HistoryBudget History { get; }

    public OutboxBudget Outboxes { get; }

    /// <summary>Bytes that may wait for one client.</summary>
    public int OutboxBytes { get; }

    public Counters Counters { get; } = new();

    /// <summary>How backends and the node itself emit and ask.</summary>
    public IIngress Ingress { get; }

    /// <summary>Sessions open now.</summary>
    public int SessionCount => Volatile.Read(ref _sessions);

    internal SessionLimits SessionLimits { get; }

    internal ShardMap Shards { get; }

    internal LoopRoster[] Rosters { get; }

    internal Questions Questions { get; }

    public void Start() => Loops.Start();

    /// <summary>Opens a session; on the transport's loop.</summary>
    public SessionActor Open(IDialect dialect, string app, ITransport transport)
    {
        // The loop is in the number, so that a session is found by its id alone.
        var number = (Interlocked.Increment(ref _lastSession) * Loops.Count) + transport.Loop.Index;
        var session = new SessionActor(this, Rosters[transport.Loop.Index], new SessionId(Self, number), dialect, app, transport);
        Rosters[transport.Loop.Index].Add(session);
        Interlocked.Increment(ref _sessions);
        Counters.SessionsOpened.Add(1);
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

    public void Dispose() => Loops.Dispose();

    internal void SessionClosed(SessionActor session)
    {
        Interlocked.Decrement(ref _sessions);
        Counters.SessionsClosed.Add(1);
    }
}
