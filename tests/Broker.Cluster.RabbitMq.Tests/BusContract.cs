using System.Net;
using Broker.TestKit.Cluster;
using Broker.TestKit.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Cluster.RabbitMq.Tests;

/// <summary>What every bus promises, kept by this one on a real server. Each test's buses share an exchange of their own.</summary>
public abstract class BusContract(RabbitMqFixture rabbit) : NodeBusContract
{
    private readonly string _exchange = $"broker.test-{Guid.NewGuid():N}";

    protected Task<RabbitMqServer> ServerAsync() => rabbit.ServerAsync();

    protected RabbitMqBus Create(IPEndPoint at, string name) => new(
        new RabbitMqOptions
        {
            ConnectionString = RabbitMqServer.Uri(at).ToString(),
            ConnectionName = name,
            NewsExchange = _exchange,
        },
        NullLoggerFactory.Instance,
        TimeProvider.System);
}
