using Broker.Messages;
using Microsoft.Extensions.Logging;

namespace Broker.Storage.PostgreSql.Locks;

internal sealed partial class IncarnationLock
{
    [LoggerMessage(EventId = 5011, Level = LogLevel.Warning, Message = "The lock of node {Incarnation} is lost with its connection to PostgreSQL; taking it again")]
    private partial void LogLost(Incarnation incarnation);

    [LoggerMessage(EventId = 5012, Level = LogLevel.Information, Message = "The lock of node {Incarnation} is taken again")]
    private partial void LogTakenAgain(Incarnation incarnation);
}
