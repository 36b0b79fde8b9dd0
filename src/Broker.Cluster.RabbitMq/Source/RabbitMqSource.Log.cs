using Microsoft.Extensions.Logging;

namespace Broker.Cluster.RabbitMq.Source;

public sealed partial class RabbitMqSource : ILifeLog<SourceConnection>
{
    void ILifeLog<SourceConnection>.Connected(SourceConnection life) => LogConnected(_options.Queue, life.Node);

    void ILifeLog<SourceConnection>.Lost(SourceConnection life, string why) => LogLost(life.Node, why);

    void ILifeLog<SourceConnection>.Unreachable(LogLevel level, string reason) => LogUnreachable(level, reason);

    [LoggerMessage(EventId = 3201, Level = LogLevel.Information, Message = "Taking messages over AMQP from {Queue} of RabbitMQ at {Node}, while no other node does")]
    private partial void LogConnected(string queue, string node);

    [LoggerMessage(EventId = 3202, Level = LogLevel.Warning, Message = "Taking no messages over AMQP: lost the connection to RabbitMQ at {Node}: {Reason}")]
    private partial void LogLost(string node, string reason);

    [LoggerMessage(EventId = 3203, Message = "Taking no messages over AMQP: cannot use RabbitMQ: {Reason}")]
    private partial void LogUnreachable(LogLevel level, string reason);
}
