using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Broker.Node.Tests.Nodes;

/// <summary>Keeps what a node says that somebody should mend.</summary>
public sealed class RecordingLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    public IReadOnlyList<string> Errors => Of(LogLevel.Error);

    public IReadOnlyList<string> Warnings => Of(LogLevel.Warning);

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _lines.Enqueue((logLevel, formatter(state, exception)));
        }
    }

    public void Dispose()
    {
    }

    private string[] Of(LogLevel level) => [.. _lines.Where(line => line.Level == level).Select(line => line.Text)];
}
