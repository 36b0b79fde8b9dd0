namespace Broker.Cluster.RabbitMq.Source;

/// <summary>
/// Tells whether the process stood still (a stopped process, a machine that slept): RabbitMQ has given its messages to another node
/// meanwhile, and what it still holds is not its own any more.
/// </summary>
internal sealed class StandstillWatch(TimeSpan limit, TimeProvider time)
{
    private long _last = time.GetTimestamp();

    /// <summary>True once more than the limit has passed since the last look; from then on it stays true. Any thread.</summary>
    public bool HasStoodStill => time.GetElapsedTime(Volatile.Read(ref _last)) > limit;

    /// <summary>Looks, until it has stood still or is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!HasStoodStill)
        {
            Volatile.Write(ref _last, time.GetTimestamp());
            await Task.Delay(limit / 8, time, stop);
        }
    }
}
