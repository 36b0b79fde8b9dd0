using Broker.Actors.Loops;

namespace Broker.Actors.Tests.Loops;

public class LoopLogTests
{
    [Fact]
    public void Append_WithinATick_KeepsEverySliceValid()
    {
        var random = new Random(1);
        var log = new LoopLog();
        for (var tick = 0; tick < 20; tick++)
        {
            var slices = new List<(FrameSlice Slice, byte[] Bytes)>();
            for (var i = 0; i < 30; i++)
            {
                var bytes = new byte[random.Next(8) == 0 ? random.Next(700_000) : random.Next(5_000)];
                bytes.AsSpan().Fill((byte)random.Next(256));
                slices.Add((log.Append(bytes), bytes));
            }

            slices.Count(item => item.Slice.Span.SequenceEqual(item.Bytes)).ShouldBe(slices.Count);
            log.EndTick();
        }
    }

    [Fact]
    public void Append_OfTwoFrames_PutsThemSideBySide()
    {
        var log = new LoopLog();
        var one = log.Append("one"u8);
        var two = log.Append("two"u8);

        one.Touches(two).ShouldBeTrue();
        two.Touches(one).ShouldBeFalse();
    }

    [Fact]
    public void EndTick_AfterAGiant_GoesBackToAnOrdinarySegment()
    {
        var log = new LoopLog();
        log.Append(new byte[5 << 20]);
        log.EndTick();

        log.Append("small"u8).Buffer.Length.ShouldBe(256 * 1024);
    }
}
