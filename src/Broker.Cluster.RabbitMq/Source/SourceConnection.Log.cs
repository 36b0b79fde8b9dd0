using Microsoft.Extensions.Logging;

namespace Broker.Cluster.RabbitMq.Source;

internal sealed partial class SourceConnection
{
    [LoggerMessage(EventId = 3204, Level = LogLevel.Warning, Message = "A message over AMQP was put aside in {Queue}: {Reason}, {Detail}")]
    private partial void LogDeadLettered(string reason, string detail, string queue);

    [LoggerMessage(EventId = 3205, Level = LogLevel.Warning, Message = "A message over AMQP that can never be published holds up others: {Queue} does not take it")]
    private partial void LogNotDeadLettered(string queue);
}
