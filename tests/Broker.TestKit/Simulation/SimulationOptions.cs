using Broker.Actors.Cluster;
using Broker.TestKit.Histories;

namespace Broker.TestKit.Simulation;

/// <summary>What a simulation is made with besides its seed.</summary>
public sealed record SimulationOptions
{
    public Promises Promises { get; init; } = Promises.None;

    /// <summary>What a link buffers; null for what it does in earnest.</summary>
    public int? LinkBytes { get; init; }

    /// <summary>True: what happens is kept in words.</summary>
    public bool KeepsTrace { get; init; }

    /// <summary>The rules that nodes keep; a mutation breaks one.</summary>
    internal ProtocolRules Rules { get; init; } = ProtocolRules.All;
}
