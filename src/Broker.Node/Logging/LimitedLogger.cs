using System.Collections.Concurrent;

namespace Broker.Node.Logging;

/// <summary>
/// A logger that writes so many lines of a kind in a minute and no more; a kind is an event's id, or the level of those that have none. What was
/// left out is told by <see cref="EndMinute"/>.
/// </summary>
internal sealed class LimitedLogger(ILogger inner, int linesPerMinute) : ILogger
{
    private readonly ConcurrentDictionary<(int Id, LogLevel Level), Kind> _kinds = new();

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!inner.IsEnabled(logLevel))
        {
            return;
        }

        var kind = _kinds.GetOrAdd((eventId.Id, logLevel), static (_, of) => new Kind(of.Event, new LogQuota(of.Lines)), (Event: eventId, Lines: linesPerMinute));
        if (kind.Quota.TryTake())
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }

    /// <summary>Writes a line for each kind that was cut short, at its own level, and lets all write again.</summary>
    public void EndMinute()
    {
        foreach (var ((id, level), kind) in _kinds)
        {
            if (kind.Quota.EndMinute() is > 0 and var leftOut)
            {
#pragma warning disable CA2254, CA1848, CA1873 // One line in a minute, at a level and with an id that only the kind knows.
                inner.Log(level, kind.Event, "{LeftOut} more lines like those of {Event} were left out in the last minute", leftOut, kind.Event.Name ?? $"event {id}");
#pragma warning restore CA2254, CA1848, CA1873
            }
        }
    }

    private sealed record Kind(EventId Event, LogQuota Quota);
}
