using Broker.Node.Health;
using Broker.Node.Settings;

namespace Broker.Node.Tests.Health;

public sealed class MemoryMarkTests
{
    [Fact]
    public void Observe_TooMuchSeveralTimesInARow_IsOverUntilATenthLess()
    {
        var mark = new MemoryMark(1_000);
        mark.Observe(1_000).ShouldBeFalse();
        mark.Observe(1_001).ShouldBeTrue("the first time it may be garbage");
        mark.Observe(1_001).ShouldBeFalse();
        mark.IsOver.ShouldBeFalse();
        mark.Observe(1_001).ShouldBeFalse();
        mark.IsOver.ShouldBeTrue();

        mark.Observe(901);
        mark.IsOver.ShouldBeTrue("just below the mark it would be over again with the next client");
        mark.Observe(900);
        mark.IsOver.ShouldBeFalse();
        mark.Observe(1_001).ShouldBeTrue();
    }

    [Fact]
    public void Observe_WhenCollectingHelped_IsNotOver()
    {
        var mark = new MemoryMark(1_000);
        for (var n = 0; n < 10; n++)
        {
            mark.Observe(1_001).ShouldBeTrue();
            mark.Observe(1_001);
            mark.Observe(500);
            mark.IsOver.ShouldBeFalse();
        }
    }

    [Fact]
    public void Of_NoSetting_IsAShareOfWhatThereIs()
    {
        MemoryMark.Of(new LimitsOptions()).Bytes.ShouldBeInRange(1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - 1);
        MemoryMark.Of(new LimitsOptions { Memory = 123_456_789 }).Bytes.ShouldBe(123_456_789);
    }
}
