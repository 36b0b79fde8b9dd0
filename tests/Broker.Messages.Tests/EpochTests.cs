namespace Broker.Messages.Tests;

public class EpochTests
{
    [Theory]
    [InlineData(0UL, 0L, "0000000000000000.0")]
    [InlineData(0xdeadbeefUL, 7L, "00000000deadbeef.7")]
    [InlineData(ulong.MaxValue, long.MaxValue, "ffffffffffffffff.9223372036854775807")]
    public void ToString_AndBack_KeepsTheEpoch(ulong life, long term, string text)
    {
        var epoch = new Epoch(life, term);
        $"{epoch}".ShouldBe(text);
        Epoch.TryParse(text, out var parsed).ShouldBeTrue();
        parsed.ShouldBe(epoch);
        var buffer = new char[Epoch.MaxTextLength];
        epoch.TryFormat(buffer, out var written, default, provider: null).ShouldBeTrue();
        new string(buffer, 0, written).ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1")]
    [InlineData(".1")]
    [InlineData("1.")]
    [InlineData("g.1")]
    [InlineData("1.-1")]
    [InlineData("1.+1")]
    [InlineData("1. 1")]
    [InlineData(" 1.1")]
    [InlineData("0x1.1")]
    [InlineData("1.1.1")]
    [InlineData("00000000000000001.1")]
    [InlineData("1.9223372036854775808")]
    [InlineData("1.99999999999999999999999999999999")]
    public void TryParse_WhenItIsNoEpoch_IsFalse(string text)
    {
        Epoch.TryParse(text, out var epoch).ShouldBeFalse();
        epoch.ShouldBe(default);
    }

    [Fact]
    public void TryFormat_WhenTheRoomIsTooSmall_IsFalse() =>
        new Epoch(1, 1).TryFormat(new char[5], out _, default, provider: null).ShouldBeFalse();
}
