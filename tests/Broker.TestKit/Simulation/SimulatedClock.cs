namespace Broker.TestKit.Simulation;

/// <summary>A machine's clock: runs a little fast or slow, can be set, and stands still with its machine.</summary>
/// <param name="driftPpm">How much faster it runs than the agenda, in millionths.</param>
public sealed class SimulatedClock(Agenda agenda, long driftPpm = 0) : TimeProvider
{
    private static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private long _driftPpm = driftPpm;
    private long _since = agenda.Now;
    private long _local = agenda.Now;
    private bool _isStopped;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How far the wall clock is ahead.</summary>
    public TimeSpan WallOffset { get; set; }

    public override long GetTimestamp() => _isStopped ? _local : _local + Scaled(agenda.Now - _since);

    public override DateTimeOffset GetUtcNow() => Beginning.AddTicks(GetTimestamp()) + WallOffset;

    public void Drift(long ppm)
    {
        Settle();
        _driftPpm = ppm;
    }

    public void Stop()
    {
        Settle();
        _isStopped = true;
    }

    public void Go()
    {
        Settle();
        _isStopped = false;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        throw new NotSupportedException("Nodes wait by their wheels.");

    private void Settle()
    {
        _local = GetTimestamp();
        _since = agenda.Now;
    }

    private long Scaled(long ticks) => ticks + (ticks * _driftPpm / 1_000_000);
}
