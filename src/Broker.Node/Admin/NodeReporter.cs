using Broker.Actors;
using Broker.Actors.Loops;
using Broker.Node.Connections;
using Broker.Node.Hosting;

namespace Broker.Node.Admin;

/// <summary>Reads how the node is doing. Asks no loop: a node whose loops are stuck can be asked too.</summary>
internal sealed class NodeReporter(LocalNode node, SessionCount sessions)
{
    public NodeReport Read() => new(
        BrokerVersion.Text,
        node.Self.ToString(),
        Math.Round(node.Uptime.TotalSeconds, 1),
        sessions.All,
        sessions.Max,
        node.Loops.Sum(tally => tally.Subscriptions),
        node.ChannelCount,
        node.RoomCount,
        node.ShardCount,
        node.OwnedShardCount,
        node.Loops.Sum(tally => tally.Emits),
        node.Loops.Sum(tally => tally.Deliveries),
        node.History.UsedBytes,
        node.Outboxes.UsedBytes,
        [.. node.Loops.All.Select(Read)]);

    private NodeReport.LoopReport Read(Loop loop) => new(
        loop.Index,
        Math.Round(loop.BusyMicroseconds / Math.Max(node.Uptime.TotalMicroseconds, 1), 4),
        Math.Round(loop.TickAge.TotalMilliseconds, 2),
        loop.InboxCount);
}
