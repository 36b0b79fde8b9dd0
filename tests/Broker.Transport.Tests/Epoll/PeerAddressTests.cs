using Broker.Transport.Epoll;

namespace Broker.Transport.Tests.Epoll;

public sealed class PeerAddressTests
{
    [Theory]
    [InlineData("02001F900A000001", "10.0.0.1:8080")]
    [InlineData("0A001F900000000000000000000000000000FFFF0A00000100000000", "10.0.0.1:8080")]
    [InlineData("0A001F900000000020010DB800000000000000000000000100000000", "[2001:db8::1]:8080")]
    public void Read_WhenGivenAnAddressOfLinux_GivesIt(string hex, string expected)
    {
        var address = new byte[PeerAddress.MaxSize];
        Convert.FromHexString(hex).CopyTo(address, 0);
        PeerAddress.Read(address).ToString().ShouldBe(expected);
    }
}
