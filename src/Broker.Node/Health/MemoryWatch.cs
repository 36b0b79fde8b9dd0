namespace Broker.Node.Health;

/// <summary>Looks every second at how much memory the process uses.</summary>
internal sealed partial class MemoryWatch(MemoryMark mark, TimeProvider time, ILogger<MemoryWatch> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private ITimer? _timer;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(_ => Look(Environment.WorkingSet), state: null, Period, Period);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _timer?.Dispose();

    private void Look(long used)
    {
        var wasOver = mark.IsOver;
        if (mark.Observe(used))
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
        }

        if (mark.IsOver && !wasOver)
        {
            LogOver(used, mark.Bytes);
        }
        else if (wasOver && !mark.IsOver)
        {
            LogBelow(used, mark.Bytes);
        }
    }

    [LoggerMessage(EventId = 4401, Level = LogLevel.Warning,
        Message = "Using {Used} bytes of memory, over the mark of {Mark}: new connections are turned away")]
    private partial void LogOver(long used, long mark);

    [LoggerMessage(EventId = 4402, Level = LogLevel.Information,
        Message = "Using {Used} bytes of memory, well below the mark of {Mark}: new connections are taken again")]
    private partial void LogBelow(long used, long mark);
}
