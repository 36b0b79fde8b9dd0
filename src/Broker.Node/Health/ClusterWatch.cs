using Broker.Actors;
using Broker.Actors.Cluster;

namespace Broker.Node.Health;

/// <summary>Looks at the node's place in the cluster.</summary>
internal sealed class ClusterWatch(LocalNode node, TimeProvider time)
{
    /// <summary>Null when the node's cluster loop does not answer in time.</summary>
    public async ValueTask<ClusterView?> LookAsync()
    {
        try
        {
            return await node.LookAsync().WaitAsync(SelfDelivery.Limit, time);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
