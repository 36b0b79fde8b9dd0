using System.Collections.Concurrent;

namespace Broker.Node.Logging;

/// <summary>
/// Bounds how much is logged, whoever logs and wherever it is written, so that nobody outside can fill a disk by making the node complain: so
/// many lines of a kind in a minute, and one at its end that counts the rest.
/// </summary>
internal sealed class LimitedLoggerFactory : ILoggerFactory
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, LimitedLogger> _loggers = new(StringComparer.Ordinal);
    private readonly ILoggerFactory _inner;
    private readonly int _linesPerMinute;
    private readonly ITimer _timer;

    /// <param name="inner">Makes the loggers that write; disposed with this.</param>
    /// <param name="linesPerMinute">Of one kind.</param>
    /// <param name="time">Ends the minutes.</param>
    public LimitedLoggerFactory(ILoggerFactory inner, int linesPerMinute, TimeProvider time)
    {
        _inner = inner;
        _linesPerMinute = linesPerMinute;
        _timer = time.CreateTimer(_ => EndMinute(), state: null, Minute, Minute);
    }

    public ILogger CreateLogger(string categoryName) =>
        _loggers.GetOrAdd(categoryName, name => new LimitedLogger(_inner.CreateLogger(name), _linesPerMinute));

    public void AddProvider(ILoggerProvider provider) => _inner.AddProvider(provider);

    /// <summary>Tells what the last minute left out.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        EndMinute();
        _inner.Dispose();
    }

    private void EndMinute()
    {
        foreach (var logger in _loggers.Values)
        {
            logger.EndMinute();
        }
    }
}
