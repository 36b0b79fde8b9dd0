using Broker.Actors.Cluster;
using Broker.Cluster.RabbitMq;
using Broker.Storage.PostgreSql;

namespace Broker.Node.Cluster;

/// <summary>Makes what joins this node to others: a bus and an authority, with servers behind them.</summary>
internal interface IClusterEngine
{
    /// <summary>Null for a node that the settings leave alone. Called once; connects nowhere before the node starts.</summary>
    /// <param name="leaveAsked">Called when an operator asks this node to leave.</param>
    ClusterOptions? Create(Action leaveAsked);

    /// <summary>What the bus counts; null for a node alone, and where something else carries what nodes say.</summary>
    RabbitMqCounters? Bus => null;

    /// <summary>What the authority counts; null for a node alone, and where something else is the authority.</summary>
    AuthorityCounters? Authority => null;
}
