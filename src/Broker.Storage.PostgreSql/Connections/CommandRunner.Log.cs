using Microsoft.Extensions.Logging;

namespace Broker.Storage.PostgreSql.Connections;

internal sealed partial class CommandRunner
{
    [LoggerMessage(EventId = 5001, Level = LogLevel.Warning, Message = "PostgreSQL does not serve this node: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Information, Message = "PostgreSQL serves this node again")]
    private partial void LogBack();
}
