using Microsoft.Extensions.Logging;

namespace Broker.TestKit.Cluster;

/// <summary>Keeps what a loop caught and logged, so that the test that turns it fails instead of going on without.</summary>
internal sealed class FaultLog : ILoggerFactory, ILogger
{
    /// <summary>What <c>Loop</c> logs when a message or a timer throws.</summary>
    private static readonly HashSet<int> LoopFaults = [1001, 1002];

    private readonly List<Exception> _faults = [];

    public void ThrowIfAny()
    {
        if (_faults.Count > 0)
        {
            var faults = _faults.ToArray();
            _faults.Clear();
            throw new AggregateException("A loop caught it and went on.", faults);
        }
    }

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is not null && LoopFaults.Contains(eventId.Id))
        {
            _faults.Add(exception);
        }
    }

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }
}
