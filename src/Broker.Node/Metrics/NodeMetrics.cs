using System.Diagnostics.Metrics;
using System.Globalization;
using Broker.Actors;
using Broker.Cluster.RabbitMq;
using Broker.Cluster.RabbitMq.Source;
using Broker.Node.Amqp;
using Broker.Node.Cluster;
using Broker.Node.Connections;
using Broker.Node.Hosting;
using Broker.Node.Tls;
using Broker.Storage.PostgreSql;

namespace Broker.Node.Metrics;

/// <summary>Every metric of the broker's own. docs/metrics.md is made from this list.</summary>
internal sealed class NodeMetrics(LocalNode node, SessionCount sessions, Certificates certificates, IClusterEngine? engine = null, AmqpSource? source = null)
{
    /// <summary>The meter's name: what an exporter or <c>dotnet-counters</c> asks for.</summary>
    public const string MeterName = "Broker";

    private Counters Counters => node.Counters;

    public IReadOnlyList<Metric> All => [.. Sessions(), .. Messages(), .. Channels(), .. Loops(), .. Faults(), .. Bus(), .. Authority(), .. Amqp(), .. Node()];

    private IEnumerable<Metric> Sessions() =>
    [
        Metric.Gauge("broker.sessions", "{session}", "Sessions open now, by dialect and way in.", ["dialect", "way"], () =>
            Counters.SessionsOpened.All.Select(opened => Of(
                opened.Value - Counters.SessionsClosed[opened.Key], ("dialect", opened.Key.Dialect), ("way", opened.Key.Way)))),
        Metric.Gauge("broker.sessions.limit", "{session}", "Sessions that may be open at a time.", () => sessions.Max),
        Metric.Counter("broker.sessions.opened", "{session}", "Sessions that were opened, by dialect and way in.", ["dialect", "way"], () =>
            Counters.SessionsOpened.All.Select(opened => Of(opened.Value, ("dialect", opened.Key.Dialect), ("way", opened.Key.Way)))),
        Metric.Counter(
            "broker.sessions.closed", "{session}",
            "Sessions that ended, by close code; 1006 is a connection that ended without a word, 1000 also a client's own code.",
            ["code"], () => Counters.Disconnects.All.Select(closed => Of(closed.Value, ("code", Text(closed.Key))))),
        Metric.Counter(
            "broker.handshakes.refused", "{handshake}", "WebSocket handshakes that were refused, by HTTP status.",
            ["status"], () => Counters.HandshakesRefused.All.Select(refused => Of(refused.Value, ("status", Text(refused.Key))))),
        Metric.Counter(
            "broker.limits.met", "{event}", "How often clients ran into a limit: were refused, closed or made to wait.",
            ["limit"], () => Counters.Limits.All.Select(met => Of(met.Value, ("limit", met.Key.ToString())))),
        Metric.Gauge("broker.subscriptions", "{subscription}", "Subscriptions of this node's sessions.", () => node.Loops.Sum(tally => tally.Subscriptions)),
    ];

    private IEnumerable<Metric> Messages() =>
    [
        Metric.Counter("broker.messages.received", "{message}", "Messages that clients sent, of whatever kind.", () => node.Loops.Sum(tally => tally.Received)),
        Metric.Counter("broker.emits", "{emit}", "Emits that channels owned by this node took, from clients, backends and other nodes.", () => node.Loops.Sum(tally => tally.Emits)),
        Metric.Counter(
            "broker.emits.refused", "{emit}", "Emits of this node's clients and backends that were not taken, by why.",
            ["reason"], () => Counters.EmitsRefused.All.Select(refused => Of(refused.Value, ("reason", refused.Key.ToString())))),
        Metric.Counter("broker.deliveries", "{message}", "Messages to this node's subscribers: events, what they had missed, notices.", () => node.Loops.Sum(tally => tally.Deliveries)),
        Metric.Counter(
            "broker.drops", "{drop}",
            "What was thrown away, by why: slow_session (all that waited for a client that did not keep up), history_memory (a channel's history), relieved_owner, unreadable_item, unknown_item and unreadable_batch (of other nodes).",
            ["reason"], () =>
            [
                Of(Counters.SlowSessions.Value, ("reason", "slow_session")),
                Of(Counters.WindowsDropped.Value, ("reason", "history_memory")),
                Of(Counters.FencedItems.Value, ("reason", "relieved_owner")),
                Of(Counters.GarbageItems.Value, ("reason", "unreadable_item")),
                Of(Counters.UnknownItems.Value, ("reason", "unknown_item")),
                Of(Counters.GarbageBatches.Value, ("reason", "unreadable_batch")),
            ]),
        Metric.Durations("broker.delivery.duration", "From reading an emit to giving its event to the sockets of a loop's subscribers; one per event and loop, for emits that this node read.", node.Loops, tally => tally.DeliveryDuration),
        Metric.Durations("broker.emit.duration", "From reading an emit to its channel's answer, for emits that are answered.", node.Loops, tally => tally.EmitDuration),
    ];

    private IEnumerable<Metric> Channels() =>
    [
        Metric.Gauge("broker.channels", "{channel}", "Channels that this node owns.", () => node.ChannelCount),
        Metric.Gauge("broker.rooms", "{room}", "Channels with subscribers here, and those whose last one left a moment ago.", () => node.RoomCount),
        Metric.Gauge("broker.shards.owned", "{shard}", "Shards that this node owns.", () => node.OwnedShardCount),
        Metric.Gauge("broker.mailbox", "{emit}", "Emits that wait for their shards.", () => node.MailboxCount),
        Metric.Gauge("broker.history.size", "By", "Bytes that the histories of all channels hold.", () => node.History.UsedBytes),
        Metric.Gauge("broker.history.limit", "By", "Bytes that they may hold.", () => node.History.Limit),
        Metric.Gauge("broker.outbox.size", "By", "Bytes that wait for clients that lag.", () => node.Outboxes.UsedBytes),
        Metric.Gauge("broker.outbox.limit", "By", "Bytes that may wait for all of them together.", () => node.Outboxes.Limit),
    ];

    private IEnumerable<Metric> Loops() =>
    [
        Metric.Time("broker.loop.busy.time", "Time that a loop worked rather than waited; its rate is the loop's busy share.", ["loop"], () =>
            node.AllLoops.Select(loop => Of(loop.BusyMicroseconds / 1e6, ("loop", loop.Name)))),
        Metric.Age("broker.loop.tick.age", "How long a loop's present tick lasts already, 0 while it waits: a loop that is held up shows here.", ["loop"], () =>
            node.AllLoops.Select(loop => Of(loop.TickAge.TotalSeconds, ("loop", loop.Name)))),
        Metric.Gauge("broker.loop.inbox", "{message}", "Messages that wait for a loop.", ["loop"], () =>
            node.AllLoops.Select(loop => Of((long)loop.InboxCount, ("loop", loop.Name)))),
        Metric.Durations("broker.loop.tick.duration", "How long a loop's ticks take: what arrives meanwhile waits as long.", node.Loops, tally => tally.TickDuration),
    ];

    private IEnumerable<Metric> Faults() =>
    [
        Metric.Counter("broker.channel.faults", "{fault}", "Channels that lost their history to a bug; the log says more.", () => Counters.ChannelFaults.Value),
        Metric.Counter("broker.link.resets", "{reset}", "Links to other nodes that were begun anew.", () => Counters.LinkResets.Value),
        Metric.Counter("broker.shards.taken_over", "{shard}", "Shards taken over from a node that was lost, or from nobody.", () => Counters.ShardsTakenOver.Value),
        Metric.Counter("broker.shards.received", "{shard}", "Shards that another node handed over to this one.", () => Counters.ShardsReceived.Value),
        Metric.Counter("broker.shards.filled", "{shard}", "Shards whose events another node was filled with.", () => Counters.ShardsFilled.Value),
        Metric.Counter(
            "broker.emits.held_alone", "{emit}", "Emits answered while no other node held their events, in a cluster.", () => Counters.EmitsHeldAlone.Value),
        Metric.Counter("broker.bus.stale", "{time}", "Times that the bus ceased to be fresh.", () => Counters.BusStale.Value),
    ];

    // A node alone has neither, and tells nothing of them.

    private IEnumerable<Metric> Bus() =>
    [
        Metric.Gauge("broker.bus.connected", "{connection}", "1 while the node is connected to RabbitMQ. Of a node in a cluster, as all of the bus.", [], () => OfBus(bus => bus.IsConnected ? 1 : 0)),
        Metric.Gauge("broker.bus.blocked", "{connection}", "1 while RabbitMQ is short of memory or disk space and takes nothing.", [], () => OfBus(bus => bus.IsBlocked ? 1 : 0)),
        Metric.Gauge("broker.bus.waiting", "By", "Bytes that wait in this node for RabbitMQ to take them.", [], () => OfBus(bus => bus.WaitingBytes)),
        Metric.Counter("broker.bus.connects", "{connect}", "How often the node was connected to RabbitMQ, the first time included.", [], () => OfBus(bus => bus.Connects.Value)),
        Metric.Counter("broker.bus.connects.failed", "{connect}", "Attempts to connect to RabbitMQ that failed.", [], () => OfBus(bus => bus.FailedConnects.Value)),
        Metric.Counter("broker.bus.messages.sent", "{message}", "Messages that RabbitMQ was given, to other nodes and the node's own probes.", [], () => OfBus(bus => bus.MessagesSent.Value)),
        Metric.Counter("broker.bus.messages.received", "{message}", "Messages that came from RabbitMQ, the node's own probes among them.", [], () => OfBus(bus => bus.MessagesReceived.Value)),
        Metric.Counter("broker.bus.sent", "By", "Bytes of the messages sent.", [], () => OfBus(bus => bus.BytesSent.Value)),
        Metric.Counter("broker.bus.received", "By", "Bytes of the messages received.", [], () => OfBus(bus => bus.BytesReceived.Value)),
        Metric.Counter(
            "broker.bus.undelivered", "{message}",
            "Messages that reached nobody, by why: refused (not connected, or too much waited), returned (their node's queue is gone), rejected (its queue was full). Links send again what they carried.",
            ["reason"], () => engine?.Bus is { } bus
                ? [Of(bus.Refused.Value, ("reason", "refused")), Of(bus.Returned.Value, ("reason", "returned")), Of(bus.Rejected.Value, ("reason", "rejected"))]
                : []),
    ];

    private IEnumerable<Metric> Authority() =>
    [
        Metric.Counter("broker.authority.renewals", "{renewal}", "Leases that PostgreSQL extended. Of a node in a cluster, as all of the authority.", [], () => OfAuthority(authority => authority.Renewals.Value)),
        Metric.Durations("broker.authority.renewal.duration", "How long PostgreSQL takes to extend the lease, where it does.", engine?.Authority is { } counters ? [counters.RenewalDuration] : []),
        Metric.Counter("broker.authority.failures", "{question}", "Questions and commands that PostgreSQL did not answer: refused, not reached, in doubt.", [], () => OfAuthority(authority => authority.Failures.Value)),
        Metric.Counter("broker.authority.doubts", "{question}", "Of these, those that may have happened all the same.", [], () => OfAuthority(authority => authority.Doubts.Value)),
        Metric.Counter("broker.authority.shards.claimed", "{shard}", "Shards that PostgreSQL gave to this node.", [], () => OfAuthority(authority => authority.ShardsClaimed.Value)),
        Metric.Counter("broker.authority.locks.lost", "{lock}", "How often the node's lock was lost with its connection to PostgreSQL.", [], () => OfAuthority(authority => authority.LocksLost.Value)),
    ];

    private IEnumerable<Metric> Amqp() =>
    [
        Metric.Gauge("broker.amqp.connected", "{connection}", "1 while the node's source of messages is connected to RabbitMQ, whether it is handed messages or another node is. Of a node with Broker:Amqp:Enabled, as all of AMQP.", [], () => OfSource(source => source.IsConnected ? 1 : 0)),
        Metric.Gauge("broker.amqp.waiting", "{message}", "Messages that RabbitMQ has handed to this node and that are not acknowledged.", [], () => OfSource(source => source.UnderWay)),
        Metric.Counter("broker.amqp.connects", "{connect}", "How often the source was connected to RabbitMQ, the first time included.", [], () => OfSource(source => source.Connects.Value)),
        Metric.Counter("broker.amqp.connects.failed", "{connect}", "Attempts to connect to RabbitMQ, or to make the source's queues, that failed.", [], () => OfSource(source => source.FailedConnects.Value)),
        Metric.Counter("broker.amqp.messages.published", "{message}", "Messages that became events and were acknowledged, repeats of an idempotency key included.", [], () => OfSource(source => source.Published.Value)),
        Metric.Counter("broker.amqp.messages.redelivered", "{message}", "Messages that came for another time: who had them before was lost, or left.", [], () => OfSource(source => source.Redelivered.Value)),
        Metric.Counter(
            "broker.amqp.messages.dead_lettered", "{message}", "Messages that can never be published and were put aside, by the reason's code.",
            ["reason"], () => source?.Counters is { } counters ? counters.DeadLettered.All.Select(dead => Of(dead.Value, ("reason", dead.Key))) : []),
        Metric.Counter(
            "broker.amqp.retries", "{emit}", "Emits of messages that were refused for the moment and tried again, by why.",
            ["reason"], () => source?.Counters is { } counters ? counters.Retried.All.Select(refused => Of(refused.Value, ("reason", refused.Key.ToString()))) : []),
    ];

    private IEnumerable<Metric> Node() =>
    [
        Metric.Age("broker.uptime", "How long the node has been running.", [], () => [Of(node.Uptime.TotalSeconds)]),
        Metric.Age("broker.certificate.remaining", "How long a certificate of the listeners is valid yet; below 0 once it has expired.", ["file"], () =>
            certificates.All.Select(certificate => Of(certificate.Remaining.TotalSeconds, ("file", certificate.Files.CertificateFile!)))),
        Metric.Gauge("broker.build", "{node}", "1, with the version.", ["version"], () => [Of(1L, ("version", BrokerVersion.Text))]),
    ];

    private IEnumerable<Measurement<long>> OfBus(Func<RabbitMqCounters, long> read) => engine?.Bus is { } bus ? [Of(read(bus))] : [];

    private IEnumerable<Measurement<long>> OfSource(Func<SourceCounters, long> read) => source?.Counters is { } counters ? [Of(read(counters))] : [];

    private IEnumerable<Measurement<long>> OfAuthority(Func<AuthorityCounters, long> read) => engine?.Authority is { } authority ? [Of(read(authority))] : [];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Measurement<TValue> Of<TValue>(TValue value, params ReadOnlySpan<(string Name, string Value)> labels)
        where TValue : struct
    {
        var tags = new KeyValuePair<string, object?>[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            tags[i] = new(labels[i].Name, labels[i].Value);
        }

        return new Measurement<TValue>(value, tags);
    }
}
