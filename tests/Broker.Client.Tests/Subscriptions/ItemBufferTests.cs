using Broker.Client.Subscriptions;

namespace Broker.Client.Tests.Subscriptions;

/// <summary>What is left out is told, exactly, whatever it was.</summary>
public sealed class ItemBufferTests
{
    [Fact]
    public async Task Full_OfAllSorts_CountsWhatWasLeftOut()
    {
        var buffer = new ItemBuffer(1);
        buffer.Begin(At(1));
        buffer.Add(new ChannelItem.Joined("ann", JsonData.Null));
        buffer.Add(new ChannelItem.Broadcast(JsonData.Null));
        buffer.Add(Event(2));
        buffer.Add(new ChannelItem.Resumed(At(2)));
        buffer.Add(Event(3));

        (await buffer.ReadAsync(default)).ShouldBe(new ChannelItem.Gap(GapReason.Overflow, At(1), At(2), 3));
        (await buffer.ReadAsync(default)).ShouldBe(Event(3));
    }

    [Fact]
    public async Task Full_WithAGapAmongWhatIsLeftOut_KnowsNoNumber()
    {
        var buffer = new ItemBuffer(1);
        buffer.Begin(At(1));
        buffer.Add(new ChannelItem.Gap(GapReason.NotRecovered, At(1), At(7), null));
        buffer.Add(Event(8));
        buffer.Add(Event(9));

        (await buffer.ReadAsync(default)).ShouldBe(new ChannelItem.Gap(GapReason.Overflow, At(1), At(8), null));
        (await buffer.ReadAsync(default)).ShouldBe(Event(9));
    }

    [Fact]
    public async Task Reader_ThatAlternates_LosesNothingUntold()
    {
        var random = new Random(7);
        var buffer = new ItemBuffer(5);
        buffer.Begin(At(0));
        long written = 0;
        long seen = 0;
        while (written < 10_000)
        {
            for (var burst = random.Next(9); burst > 0; burst--)
            {
                buffer.Add(Event(++written));
            }

            for (var burst = Math.Min(random.Next(9), (int)Math.Min(written - seen, 5)); burst > 0; burst--)
            {
                switch (await buffer.ReadAsync(default))
                {
                    case ChannelItem.Event one:
                        one.Position.Offset.ShouldBe(seen + 1);
                        seen = one.Position.Offset;
                        break;
                    case ChannelItem.Gap gap:
                        gap.Since.Offset.ShouldBe(seen);
                        gap.Lost.ShouldBe(gap.Position.Offset - seen);
                        seen = gap.Position.Offset;
                        break;
                }
            }
        }

        seen.ShouldBeGreaterThan(9_900);
    }

    [Fact]
    public async Task End_InGoodOrder_TakesBackWhatWaits()
    {
        var buffer = new ItemBuffer(5);
        buffer.Add(Event(1));
        buffer.End(null);
        buffer.Add(Event(2));

        (await buffer.ReadAsync(default)).ShouldBeNull();
    }

    [Fact]
    public async Task End_ByAFailure_ComesBehindWhatWaits_EachTimeItIsAskedFor()
    {
        var buffer = new ItemBuffer(5);
        buffer.Add(Event(1));
        buffer.End(new InvalidOperationException("first"));
        buffer.End(new InvalidOperationException("second"));

        (await buffer.ReadAsync(default)).ShouldBe(Event(1));
        (await Should.ThrowAsync<InvalidOperationException>(buffer.ReadAsync(default).AsTask())).Message.ShouldBe("first");
        (await Should.ThrowAsync<InvalidOperationException>(buffer.ReadAsync(default).AsTask())).Message.ShouldBe("first");
    }

    private static ChannelPosition At(long offset) => new("e", offset);

    private static ChannelItem.Event Event(long offset) => new("n", JsonData.Of(offset), At(offset));
}
