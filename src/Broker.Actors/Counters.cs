using Broker.Actors.Metrics;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors;

/// <summary>What a node counts while it works. Read by health and metrics; never reset.</summary>
public sealed class Counters
{
    public CounterSet<SessionKind> SessionsOpened { get; } = new();

    public CounterSet<SessionKind> SessionsClosed { get; } = new();

    /// <summary>Closed sessions by the code of <see cref="Disconnect"/>; 1006 for connections that ended without a word.</summary>
    public CounterSet<int> Disconnects { get; } = new();

    /// <summary>Emits that were not taken, by why.</summary>
    public CounterSet<Refusal> EmitsRefused { get; } = new();

    /// <summary>WebSocket handshakes that were refused, by their HTTP status.</summary>
    public CounterSet<int> HandshakesRefused { get; } = new();

    /// <summary>How often clients ran into each limit: were refused, closed or made to wait.</summary>
    public CounterSet<Limit> Limits { get; } = new();

    /// <summary>Sessions closed because they did not take what was sent to them.</summary>
    public Counter SlowSessions { get; } = new();

    /// <summary>Windows dropped to keep the node's history within its budget.</summary>
    public Counter WindowsDropped { get; } = new();

    /// <summary>Channels that lost their life to a bug.</summary>
    public Counter ChannelFaults { get; } = new();

    /// <summary>Links to other nodes that were given up and begun anew.</summary>
    public Counter LinkResets { get; } = new();

    /// <summary>Shards that this node took over from a node that was lost, or from nobody.</summary>
    public Counter ShardsTakenOver { get; } = new();

    /// <summary>Shards that another node handed over to this one.</summary>
    public Counter ShardsReceived { get; } = new();

    /// <summary>Shards that were filled into other nodes.</summary>
    public Counter ShardsFilled { get; } = new();

    /// <summary>Emits that were answered while nobody but this node held their events, though it is one of several.</summary>
    public Counter EmitsHeldAlone { get; } = new();

    /// <summary>How often the bus ceased to be fresh.</summary>
    public Counter BusStale { get; } = new();

    /// <summary>Batches from the bus that were none.</summary>
    public Counter GarbageBatches { get; } = new();

    /// <summary>Items of other nodes that could not be read.</summary>
    public Counter GarbageItems { get; } = new();

    /// <summary>Items of a later release, left out.</summary>
    public Counter UnknownItems { get; } = new();

    /// <summary>Items of owners that were relieved, dropped.</summary>
    public Counter FencedItems { get; } = new();

    /// <summary>Counts the limit that a refusal tells of, where it tells of one.</summary>
    public void Met(Refusal refusal)
    {
        if (LimitOf(refusal) is { } limit)
        {
            Limits.Add(limit);
        }
    }

    private static Limit? LimitOf(Refusal refusal) => refusal switch
    {
        Refusal.InvalidChannel => Limit.ChannelName,
        Refusal.TooManySubscriptions => Limit.Subscriptions,
        Refusal.TooManyPublishes => Limit.PublishesPerSecond,
        Refusal.AppFull => Limit.AppSessions,
        Refusal.TooManyMembers => Limit.Members,
        Refusal.InfoTooLarge => Limit.MemberInfo,
        Refusal.EventNameTooLong => Limit.EventName,
        _ => null,
    };
}
