using Microsoft.Extensions.Logging;

namespace Broker.Cluster.RabbitMq;

/// <summary>Connects again after each loss, for as long as it takes: the client library's own recovery is not used.</summary>
internal static class Lives
{
    /// <param name="live">One life, from connecting to its end; false when no connection could be made, which is to be logged at the level given: an outage is a warning once.</param>
    public static async Task RunAsync(Func<LogLevel, Task<bool>> live, TimeSpan longestPause, TimeProvider time, CancellationToken stop)
    {
        var backoff = new Backoff(longestPause);
        var wasConnected = true;
        while (!stop.IsCancellationRequested)
        {
            wasConnected = await live(wasConnected ? LogLevel.Warning : LogLevel.Debug);
            if (wasConnected)
            {
                backoff.Reset();
            }

            await PauseAsync(backoff.Next(), time, stop);
        }
    }

    private static async Task PauseAsync(TimeSpan pause, TimeProvider time, CancellationToken stop)
    {
        try
        {
            await Task.Delay(pause, time, stop);
        }
        catch (OperationCanceledException)
        {
            // The loop ends.
        }
    }
}
