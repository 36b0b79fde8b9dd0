using Broker.Actors.Loops;

namespace Broker.Actors.Tests.Loops;

public class TimerWheelTests
{
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Wheel_WithRandomTimersAndStalls_FiresEachOnceNeverEarlyAndAtMostAStepLate(int seed)
    {
        var random = new Random(seed);
        var wheel = new TimerWheel(0);
        var timers = Enumerable.Range(0, 50).Select(_ => new Probe()).ToArray();
        long now = 0;
        var looked = now;
        foreach (var timer in timers)
        {
            timer.Fired = () =>
            {
                timer.DueMs.ShouldNotBeNull($"seed {seed}: fired without being set");
                timer.DueMs.Value.ShouldBeLessThanOrEqualTo(now, $"seed {seed}: early");
                timer.DueMs.Value.ShouldBeGreaterThan(looked - TimerWheel.StepMs, $"seed {seed}: late");
                timer.DueMs = null;
                if (random.Next(3) == 0)
                {
                    Set(timer);
                }

                if (random.Next(5) == 0)
                {
                    Cancel(timers[random.Next(timers.Length)]);
                }
            };
        }

        for (var step = 0; step < 3_000; step++)
        {
            var timer = timers[random.Next(timers.Length)];
            switch (random.Next(4))
            {
                case 0: Set(timer); break;
                case 1: Cancel(timer); break;
                default:
                    looked = now;
                    now += random.Next(10) == 0 ? random.Next(200_000) : random.Next(300);   // now and then a long stall
                    wheel.Advance(now);
                    break;
            }

            timers.Any(item => item.IsSet != (item.DueMs is not null)).ShouldBeFalse($"seed {seed}, step {step}");
            var next = wheel.NextDelayMs(now);
            var due = timers.Where(item => item.DueMs is not null).Min(item => item.DueMs);
            (next < 0).ShouldBe(due is null, $"seed {seed}, step {step}");
            if (due is not null)
            {
                (now + next).ShouldBeLessThanOrEqualTo(Math.Max(due.Value, now) + TimerWheel.StepMs, $"seed {seed}, step {step}: would oversleep");
            }
        }

        void Set(Probe timer)
        {
            var delay = random.Next(10) == 0 ? random.Next(300_000) : random.Next(2_000);
            timer.DueMs = now + delay;
            wheel.Set(timer, now, delay);
        }

        void Cancel(Probe timer)
        {
            timer.DueMs = null;
            wheel.Cancel(timer);
        }
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 20)];

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MaxValue / 2)]
    public void Set_ForEver_DoesNotFire(long delay)
    {
        var wheel = new TimerWheel(0);
        var fired = 0;
        var timer = new Probe { Fired = () => fired++ };
        wheel.Set(timer, 1_000, delay);
        wheel.Advance(100_000_000);

        fired.ShouldBe(0);
        timer.IsSet.ShouldBeTrue();
    }

    [Fact]
    public void Set_WithoutADelay_FiresInTheNextStep()
    {
        var wheel = new TimerWheel(0);
        var fired = 0;
        wheel.Set(new Probe { Fired = () => fired++ }, 10, 0);
        wheel.Set(new Probe { Fired = () => fired++ }, 10, -5);
        wheel.Advance(63).ShouldBeFalse();
        wheel.Advance(64).ShouldBeTrue();

        fired.ShouldBe(2);
        wheel.NextDelayMs(64).ShouldBe(-1);
    }

    private sealed class Probe : WheelTimer
    {
        public long? DueMs { get; set; }

        public Action Fired { get; set; } = () => { };

        protected internal override void Fire() => Fired();
    }
}
