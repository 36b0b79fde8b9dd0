namespace Broker.TestKit.Simulation;

/// <summary>What sort of schedule a seed stands for.</summary>
public enum ScheduleKind
{
    /// <summary>A few faults of any kind.</summary>
    Faults,

    /// <summary>All nodes are restarted under load, one after the other.</summary>
    RollingRestart,
}
