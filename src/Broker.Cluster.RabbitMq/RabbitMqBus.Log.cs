using Broker.Actors.Cluster;
using Microsoft.Extensions.Logging;

namespace Broker.Cluster.RabbitMq;

public sealed partial class RabbitMqBus : ILifeLog<BusConnection>
{
    void ILifeLog<BusConnection>.Connected(BusConnection life) => LogConnected(life.Node, life.Self);

    void ILifeLog<BusConnection>.Lost(BusConnection life, string why) => LogLost(life.Node, why);

    void ILifeLog<BusConnection>.Unreachable(LogLevel level, string reason) => LogUnreachable(level, reason);

    [LoggerMessage(EventId = 3101, Level = LogLevel.Information, Message = "Connected to RabbitMQ at {Node}, reached at {Self}")]
    private partial void LogConnected(string node, BusAddress self);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Warning, Message = "Lost the connection to RabbitMQ at {Node}: {Reason}")]
    private partial void LogLost(string node, string reason);

    [LoggerMessage(EventId = 3103, Message = "Cannot connect to RabbitMQ: {Reason}")]
    private partial void LogUnreachable(LogLevel level, string reason);

    [LoggerMessage(EventId = 3104, Level = LogLevel.Error, Message = "The node failed at what its bus told it")]
    private partial void LogSinkFault(Exception fault);
}
