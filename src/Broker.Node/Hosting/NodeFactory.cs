using Broker.Actors;
using Broker.Actors.Sessions;
using Broker.Actors.Shards;
using Broker.Node.Apps;
using Broker.Node.Connections;
using Broker.Node.Settings;
using ClusterOptions = Broker.Actors.Cluster.ClusterOptions;

namespace Broker.Node.Hosting;

/// <summary>Makes the node's actors with what the settings say.</summary>
internal static class NodeFactory
{
    public static LocalNode Create(BrokerOptions options, AppDirectory apps, LoopPollers pollers, ClusterOptions? cluster, ILoggerFactory loggers) =>
        new(
            new LocalNodeOptions
            {
                Loops = options.Loops,
                Shards = options.Cluster.Shards,
                Poller = _ => pollers.Create(),
                HistoryMemory = options.Limits.HistoryMemory ?? TenthOfMemory(),
                OutboxMemory = Math.Max(options.Limits.OutboxMemory ?? TenthOfMemory(), OutboxBytes(options.Limits)),
                OutboxBytes = OutboxBytes(options.Limits),
                Sessions = SessionLimits(options),
                Apps = apps.Places,
                Shard = new ShardOptions { RememberedChannels = Math.Max(options.WebRocket.RememberedChannels / options.Cluster.Shards, 1) },
                Cluster = cluster,
            },
            apps.Namespaces,
            loggers);

    public static int OutboxBytes(LimitsOptions limits) =>
        limits.OutboxBytes ?? Math.Max(1 << 20, 2 * limits.FrameBytes);

    private static SessionLimits SessionLimits(BrokerOptions options) => new()
    {
        Subscriptions = options.Limits.Subscriptions,
        PublishesPerSecond = options.Limits.PublishesPerSecond,
        CallsUnderWay = Actors.Sessions.SessionLimits.CallsFor(OutboxBytes(options.Limits)),
        ChannelNameBytes = options.Limits.ChannelNameBytes,
        EventNameLength = options.Limits.EventNameLength,
        InfoBytes = options.Limits.InfoBytes,
        HistoryPage = options.Limits.HistoryPage,
        ExpiryNoticeMs = (long)options.Tokens.NoticeBefore.TotalMilliseconds,
        PingAfterMs = (long)options.Sessions.PingAfter.TotalMilliseconds,
        PongWithinMs = (long)options.Sessions.PongWithin.TotalMilliseconds,
    };

    // Of the container, where it has less than the machine.
    private static long TenthOfMemory() => Math.Max(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 10, 16 << 20);
}
