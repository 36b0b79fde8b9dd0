namespace Broker.Node.Hosting;

/// <summary>Adds parts to a node; each part's <c>Add</c> stands beside it.</summary>
public sealed class BrokerBuilder(IServiceCollection services)
{
    public IServiceCollection Services => services;
}
