using Microsoft.Extensions.Logging;

namespace Broker.Cluster.RabbitMq;

/// <summary>One life after the other, again after each loss, for as long as it takes: the client library's own recovery is not used.</summary>
/// <param name="counters">Of all of them together.</param>
/// <param name="longestPause">Between two attempts.</param>
internal sealed class Lives<TLife>(ILifeLog<TLife> log, ConnectionCounters counters, TimeSpan longestPause, TimeProvider time) : IAsyncDisposable
    where TLife : class, ILife
{
    private readonly CancellationTokenSource _stop = new();
    private volatile TLife? _current;
    private Task _running = Task.CompletedTask;

    /// <summary>The one that is connected; null while none is. Any thread.</summary>
    public TLife? Current => _current;

    /// <param name="begin">Makes the next one.</param>
    public void Start(Func<TLife> begin) => _running = Task.Run(() => RunAsync(begin));

    /// <summary>Returns when the last is over. Also after it was stopped.</summary>
    public async Task StopAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync();
        }

#pragma warning disable VSTHRD003 // Started by Start.
        await _running;
#pragma warning restore VSTHRD003
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(Func<TLife> begin)
    {
        var backoff = new Backoff(longestPause);
        var wasConnected = true;
        while (!_stop.IsCancellationRequested)
        {
            wasConnected = await LiveAsync(begin, wasConnected ? LogLevel.Warning : LogLevel.Debug);
            if (wasConnected)
            {
                backoff.Reset();
            }

            await PauseAsync(backoff.Next());
        }
    }

    /// <returns>False: it could not be connected.</returns>
    private async Task<bool> LiveAsync(Func<TLife> begin, LogLevel failure)
    {
        await using var life = begin();
        if (!await TryOpenAsync(life, failure))
        {
            return false;
        }

        counters.Connects.Add(1);
        counters.IsConnected = true;
        log.Connected(life);
        _current = life;
        var why = await life.RunAsync(_stop.Token);
        _current = null;
        counters.IsConnected = false;
        if (!_stop.IsCancellationRequested)
        {
            log.Lost(life, why);
        }

        return true;
    }

    private async Task<bool> TryOpenAsync(TLife life, LogLevel level)
    {
        try
        {
            await life.OpenAsync(_stop.Token);
            return true;
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception fault)
        {
            counters.FailedConnects.Add(1);
            log.Unreachable(level, Failure.Reason(fault));
            return false;
        }
    }

    private async Task PauseAsync(TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, time, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The loop ends.
        }
    }
}
