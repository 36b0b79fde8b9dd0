using Broker.Actors.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Broker.Cluster.RabbitMq;

/// <summary>Registers RabbitMQ as the bus.</summary>
public static class RabbitMqServices
{
    /// <summary>The node's <see cref="INodeBus"/> is a <see cref="RabbitMqBus"/>, connected once the node starts it.</summary>
    public static IServiceCollection AddRabbitMqBus(this IServiceCollection services, Action<RabbitMqOptions> configure)
    {
        services.AddOptions<RabbitMqOptions>().Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RabbitMqOptions>, RabbitMqOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RabbitMqOptions>, ConnectionStringCheck>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static provider => new RabbitMqBus(
            provider.GetRequiredService<IOptions<RabbitMqOptions>>().Value,
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<INodeBus>(static provider => provider.GetRequiredService<RabbitMqBus>());
        return services;
    }
}
