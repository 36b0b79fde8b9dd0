using Microsoft.Extensions.Logging;

namespace Broker.Cluster.RabbitMq;

/// <summary>Is told how lives come and go, for the log.</summary>
internal interface ILifeLog<in TLife>
{
    void Connected(TLife life);

    /// <summary>It ended by itself.</summary>
    void Lost(TLife life, string why);

    /// <param name="level">A warning once in an outage.</param>
    void Unreachable(LogLevel level, string reason);
}
