using Broker.Actors.Cluster;

namespace Broker.Node.Cluster;

/// <summary>Makes what joins this node to others: a bus and an authority, with servers behind them.</summary>
internal interface IClusterEngine
{
    /// <summary>Null for a node that the settings leave alone. Called once; connects nowhere before the node starts.</summary>
    /// <param name="leaveAsked">Called when an operator asks this node to leave.</param>
    ClusterOptions? Create(Action leaveAsked);
}
