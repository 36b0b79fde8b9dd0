namespace Broker.Node.Admin;

/// <summary>How a node is doing, for operators: <c>GET /admin/api/node</c>.</summary>
/// <param name="Node">This life of the node.</param>
/// <param name="UptimeSeconds">Since it was made.</param>
/// <param name="Sessions">Open now.</param>
/// <param name="SessionsLimit">How many there may be.</param>
/// <param name="Subscriptions">Of those sessions.</param>
/// <param name="Channels">That the node owns.</param>
/// <param name="Rooms">Channels with subscribers here.</param>
/// <param name="Shards">Slots that channels fall into, in all.</param>
/// <param name="OwnedShards">Those that the node owns.</param>
/// <param name="Emits">Since the start.</param>
/// <param name="Deliveries">Since the start.</param>
/// <param name="HistoryBytes">Held for recovery and history.</param>
/// <param name="OutboxBytes">Waiting for clients that lag.</param>
internal sealed record NodeReport(
    string Version,
    string Node,
    double UptimeSeconds,
    int Sessions,
    int SessionsLimit,
    long Subscriptions,
    int Channels,
    int Rooms,
    int Shards,
    int OwnedShards,
    long Emits,
    long Deliveries,
    long HistoryBytes,
    long OutboxBytes,
    IReadOnlyList<NodeReport.LoopReport> Loops)
{
    /// <param name="Loop">Its number.</param>
    /// <param name="BusyShare">Of the time since the start, from 0 to 1.</param>
    /// <param name="TickAgeMs">How long its present tick lasts already; 0 while it waits.</param>
    /// <param name="Inbox">Messages that wait for it.</param>
    internal sealed record LoopReport(int Loop, double BusyShare, double TickAgeMs, int Inbox);
}
