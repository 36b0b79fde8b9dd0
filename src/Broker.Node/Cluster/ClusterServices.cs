using Broker.Node.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Broker.Node.Cluster;

/// <summary>What makes a node one of several.</summary>
internal static class ClusterServices
{
    /// <summary>Joins the node to others over RabbitMQ and PostgreSQL, where <c>Broker:Cluster</c> names them.</summary>
    public static BrokerBuilder AddRabbitMqCluster(this BrokerBuilder builder)
    {
        builder.Services.TryAddSingleton<IClusterEngine, RabbitMqCluster>();
        return builder;
    }
}
