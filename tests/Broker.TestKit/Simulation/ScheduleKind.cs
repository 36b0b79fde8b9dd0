namespace Broker.TestKit.Simulation;

/// <summary>What sort of schedule a seed stands for.</summary>
public enum ScheduleKind
{
    /// <summary>A few faults of any kind.</summary>
    Faults,

    /// <summary>All nodes are restarted under load, one after the other.</summary>
    RollingRestart,

    /// <summary>The bus and the authority break under every node at once, and are back for each at a time of its own.</summary>
    Outage,
}
