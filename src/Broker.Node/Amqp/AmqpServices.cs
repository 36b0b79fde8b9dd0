using Broker.Node.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Broker.Node.Amqp;

/// <summary>Lets backends publish through RabbitMQ.</summary>
internal static class AmqpServices
{
    /// <summary>The message source over AMQP, off unless <c>Broker:Amqp</c> switches it on: docs/amqp.md.</summary>
    public static BrokerBuilder AddAmqpSource(this BrokerBuilder broker)
    {
        broker.Services.TryAddSingleton<AmqpApps>();
        broker.Services.TryAddSingleton<AmqpSource>();
        return broker;
    }
}
