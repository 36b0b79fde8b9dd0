using Broker.TestKit.Histories;
using Microsoft.Extensions.Logging;

namespace Broker.TestKit.Simulation;

/// <summary>Keeps what a node logs as an error: a bug that it caught.</summary>
internal sealed class FaultLog(SimulatedCluster cluster, string node) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error || cluster.Agenda.KeepsTrace;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Error)
        {
            cluster.Record(new HistoryRecord.Faulted(cluster.Agenda.NowMs, node, $"{formatter(state, exception)}: {exception}"));
        }
        else if (logLevel >= LogLevel.Information)
        {
            cluster.Agenda.Note(node, $"says {formatter(state, exception)}");
        }
    }

    public void Dispose()
    {
    }
}
