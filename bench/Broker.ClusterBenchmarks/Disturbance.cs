namespace Broker.ClusterBenchmarks;

/// <summary>What befalls a node.</summary>
internal enum Disturbance
{
    /// <summary>SIGKILL.</summary>
    Kill,

    /// <summary>SIGSTOP, and SIGCONT when others serve its channels.</summary>
    Stop,

    /// <summary>SIGTERM.</summary>
    Leave,
}
