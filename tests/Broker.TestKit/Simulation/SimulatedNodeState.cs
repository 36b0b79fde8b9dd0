namespace Broker.TestKit.Simulation;

/// <summary>Whether a node's process runs.</summary>
public enum SimulatedNodeState
{
    Running,

    /// <summary>Stands still: what comes waits in its sockets.</summary>
    Frozen,

    /// <summary>Has ended, in whatever way.</summary>
    Gone,
}
