namespace Broker.Cluster.RabbitMq.Tests.Source;

/// <summary>The machine's clock, as a process sees it that stood still for a while: timers have not fired meanwhile.</summary>
internal sealed class LeapingTime : TimeProvider
{
    private long _leapt;

    public override long GetTimestamp() => base.GetTimestamp() + Volatile.Read(ref _leapt);

    public void Leap(TimeSpan time) => Interlocked.Add(ref _leapt, (long)(time.TotalSeconds * TimestampFrequency));
}
