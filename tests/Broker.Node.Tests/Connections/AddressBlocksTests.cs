using System.Net;
using Broker.Node.Connections;

namespace Broker.Node.Tests.Connections;

public sealed class AddressBlocksTests
{
    [Theory]
    [InlineData(64, "192.0.2.7", "192.0.2.7")]
    [InlineData(64, "::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData(64, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData(64, "2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::")]
    [InlineData(64, "fe80::1%3", "fe80::")]
    [InlineData(64, "::1", "::")]
    [InlineData(56, "2001:db8:1:2ff:3::6", "2001:db8:1:200::")]
    [InlineData(60, "2001:db8:1:2ff:3::6", "2001:db8:1:2f0::")]
    [InlineData(32, "2001:db8:ffff::6", "2001:db8::")]
    [InlineData(128, "2001:db8::6", "2001:db8::6")]
    public void Of_AnAddress_IsTheBlockThatItsOwnerHas(int prefix, string address, string block)
    {
        new AddressBlocks(prefix).Of(IPAddress.Parse(address)).ShouldBe(IPAddress.Parse(block));
    }

    [Fact]
    public void SessionsPerAddress_CountABlockAsOneAddress()
    {
        var count = new SessionCount(max: 100, maxPerAddress: 2, new AddressBlocks(64));
        count.TryTake(IPAddress.Parse("2001:db8::1"), out _).ShouldBeTrue();
        count.TryTake(IPAddress.Parse("2001:db8::2"), out _).ShouldBeTrue();

        count.TryTake(IPAddress.Parse("2001:db8::3"), out var refused).ShouldBeFalse();
        refused.ShouldBe(TurnedAway.AddressFull);
        count.TryTake(IPAddress.Parse("2001:db8:0:1::3"), out _).ShouldBeTrue();
        count.TryTake(IPAddress.Parse("192.0.2.7"), out _).ShouldBeTrue();
        count.TryTake(IPAddress.Parse("::ffff:192.0.2.7"), out _).ShouldBeTrue();
        count.TryTake(IPAddress.Parse("::ffff:192.0.2.7"), out _).ShouldBeFalse();

        count.GiveBack(IPAddress.Parse("2001:db8::2"));
        count.TryTake(IPAddress.Parse("2001:db8::9"), out _).ShouldBeTrue();
        count.All.ShouldBe(5);
    }
}
