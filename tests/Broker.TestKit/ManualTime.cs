namespace Broker.TestKit;

/// <summary>A clock that stands still until a test lets it go on. Timers fire on the thread that does.</summary>
public sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(long DueTicks, TaskCompletionSource Armed)> _awaited = [];
    private long _nowTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _nowTicks);

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(GetTimestamp());

    /// <summary>True while somebody waits for the time to come.</summary>
    public bool HasTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count > 0;
            }
        }
    }

    public void Advance(TimeSpan time)
    {
        var target = GetTimestamp() + time.Ticks;
        while (NextDue(target) is { } due)
        {
            Volatile.Write(ref _nowTicks, Math.Max(due.DueTicks, GetTimestamp()));
            due.Fire();
        }

        Volatile.Write(ref _nowTicks, target);
    }

    /// <summary>Completed as soon as somebody waits for the time that is so far away.</summary>
    public Task TimerAsync(TimeSpan dueIn)
    {
        lock (_gate)
        {
            var due = GetTimestamp() + dueIn.Ticks;
            if (_timers.Any(timer => timer.DueTicks == due))
            {
                return Task.CompletedTask;
            }

            var armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((due, armed));
            return armed.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? NextDue(long target)
    {
        lock (_gate)
        {
            return _timers.Where(timer => timer.DueTicks <= target).MinBy(timer => timer.DueTicks);
        }
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public long DueTicks { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    DueTicks = time.GetTimestamp() + dueTime.Ticks;
                    time._timers.Add(this);
                    time._awaited.FindAll(one => one.DueTicks == DueTicks).ForEach(one => one.Armed.TrySetResult());
                }

                _period = period;
            }

            return true;
        }

        public void Fire()
        {
            Change(_period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan, _period);
            callback(state);
        }

        public void Dispose()
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
