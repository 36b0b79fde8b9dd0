using Broker.Actors.Sessions;

namespace Broker.Actors.Tests.Sessions;

public class RateMeterTests
{
    [Fact]
    public void TrySpend_TakesASecondsWorthAtOnce_AndThenAsTimePasses()
    {
        var meter = default(RateMeter);

        Enumerable.Range(0, 12).Count(_ => meter.TrySpend(10, nowMs: 5_000)).ShouldBe(10);
        meter.TrySpend(10, nowMs: 5_099).ShouldBeFalse();
        meter.TrySpend(10, nowMs: 5_100).ShouldBeTrue();
        meter.TrySpend(10, nowMs: 5_100).ShouldBeFalse();
        Enumerable.Range(0, 12).Count(_ => meter.TrySpend(10, nowMs: 60_000)).ShouldBe(10, "a long silence is worth a second, no more");
    }

    [Fact]
    public void TrySpend_OverTheRate_CostsNothing()
    {
        var meter = default(RateMeter);
        meter.TrySpend(1, nowMs: 0).ShouldBeTrue();

        Enumerable.Range(0, 1_000).ShouldAllBe(_ => !meter.TrySpend(1, 999));

        meter.TrySpend(1, nowMs: 1_000).ShouldBeTrue();
    }

    [Theory]
    [InlineData(1_000, 1_000, 0)]
    [InlineData(1_001, 1_000, 1)]
    [InlineData(65_536, 1_024, 63_000)]
    [InlineData(100, 1_000_000_000, 0)]
    [InlineData(64 << 20, 1, ((64L << 20) - 1) * 1_000)]
    public void Spend_OverTheRate_SaysHowLongToWait(long amount, int perSecond, long waitMs)
    {
        var meter = default(RateMeter);

        meter.Spend(amount, perSecond, nowMs: 7).ShouldBe(waitMs);
        meter.Spend(0, perSecond, nowMs: 7 + waitMs).ShouldBe(0);
    }

    [Fact]
    public void Spend_AtTheRate_NeverWaits()
    {
        var meter = default(RateMeter);

        for (var ms = 0; ms < 10_000; ms++)
        {
            meter.Spend(1_000, 1_000_000, ms).ShouldBe(0);
        }
    }
}
