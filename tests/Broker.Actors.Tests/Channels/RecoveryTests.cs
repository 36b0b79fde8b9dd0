using Broker.Actors.Channels;
using Broker.Messages;
using static Broker.Actors.Tests.Channels.ChannelHarness;

namespace Broker.Actors.Tests.Channels;

/// <summary>The cases of docs/cluster-protocol.md, Recovery: complete, or said not to be.</summary>
public class RecoveryTests
{
    private static readonly Epoch Now = new(7, 1);

    [Theory]
    [InlineData(8, "")]
    [InlineData(7, "8")]
    [InlineData(3, "4 5 6 7 8")]
    public void Recover_WhenTheWindowHoldsAllAfterIt_IsComplete(long since, string missed)
    {
        var recovery = EightOfWhichFiveAreKept().Channel.Stream.Recover(new Position(Now, since));

        recovery.Recovered.ShouldBeTrue();
        string.Join(' ', Offsets(recovery.Missed)).ShouldBe(missed);
    }

    [Theory]
    [InlineData(7UL, 1L, 2L)]      // the window does not hold 3 any more
    [InlineData(7UL, 1L, 0L)]
    [InlineData(7UL, 1L, 9L)]      // beyond the last one
    [InlineData(7UL, 1L, -1L)]
    [InlineData(7UL, 1L, long.MinValue)]
    [InlineData(7UL, 1L, long.MaxValue)]
    [InlineData(6UL, 1L, 8L)]      // another life
    [InlineData(7UL, 0L, 8L)]      // a term that never was, though the offset is right
    [InlineData(7UL, 2L, 8L)]
    public void Recover_WhenItCannotBePromised_IsNotRecovered(ulong life, long term, long since)
    {
        var recovery = EightOfWhichFiveAreKept().Channel.Stream.Recover(new Position(new Epoch(life, term), since));

        recovery.Recovered.ShouldBeFalse();
        recovery.Missed.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Recover_OfAnEmptyStream_IsCompleteFromItsStart(long since, bool recovered) =>
        new ChannelHarness().Channel.Stream.Recover(new Position(Now, since)).Recovered.ShouldBe(recovered);

    [Theory]
    [InlineData(3, true)]
    [InlineData(2, false)]
    public void Recover_OnALiveChannel_IsCompleteOnlyFromWhereItStands(long since, bool recovered)
    {
        var channel = new ChannelHarness(new ChannelOptions { HistorySize = 0 });
        for (var i = 0; i < 3; i++)
        {
            channel.Emit();
        }

        channel.Channel.Stream.Recover(new Position(Now, since)).Recovered.ShouldBe(recovered);
    }

    [Fact]
    public void Recover_AcrossAnEventLargerThanTheWindow_IsNotRecovered()
    {
        var channel = new ChannelHarness(new ChannelOptions { HistoryBytes = 1_000 });
        channel.Emit("1");
        channel.Emit(new string('2', 2_000));
        channel.Emit("3");

        channel.Channel.Stream.Recover(new Position(Now, 1)).Recovered.ShouldBeFalse();
        Offsets(channel.Channel.Stream.Recover(new Position(Now, 2)).Missed).ShouldBe([3]);
    }

    [Fact]
    public void Append_OfAnEventThatDoesNotFollow_Throws()
    {
        var stream = EightOfWhichFiveAreKept().Channel.Stream;
        var added = stream.Window.Read(Name, 8, 1)[0];

        Should.Throw<ArgumentException>(() => stream.Append(added));
        Should.Throw<ArgumentException>(() => stream.Append(added with { Offset = 10 }));
        stream.Append(added with { Offset = 9 });
        stream.Offset.ShouldBe(9);
    }

    private static ChannelHarness EightOfWhichFiveAreKept()
    {
        var channel = new ChannelHarness(new ChannelOptions { HistorySize = 5 });
        for (var i = 0; i < 8; i++)
        {
            channel.Emit();
        }

        return channel;
    }
}
