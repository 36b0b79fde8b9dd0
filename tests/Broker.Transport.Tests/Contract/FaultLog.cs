using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Broker.Transport.Tests.Contract;

/// <summary>Keeps the errors that loops have logged.</summary>
internal sealed class FaultLog : ILogger
{
    public ConcurrentQueue<Exception> Faults { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is not null)
        {
            Faults.Enqueue(exception);
        }
    }
}
