using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Broker.Node.Health;

/// <summary>What makes a node ready.</summary>
internal static class HealthServices
{
    public static void AddHealth(this IServiceCollection services)
    {
        services.TryAddSingleton<SelfDelivery>();
        services.TryAddSingleton<ClusterWatch>();
        services.TryAddSingleton<Readiness>();

        // In the order in which they are looked at: the first that fails is the answer's reason.
        services.AddSingleton<IReadinessCheck, StayingCheck>();
        services.AddSingleton<IReadinessCheck, MemoryCheck>();
        services.AddSingleton<IReadinessCheck, BusCheck>();
        services.AddSingleton<IReadinessCheck, LeaseCheck>();
        services.AddSingleton<IReadinessCheck, OwnersCheck>();
        services.AddSingleton<IReadinessCheck, DeliveryCheck>();
    }
}
