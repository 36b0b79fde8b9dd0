using System.Net;
using Broker.Transport.Proxies;

namespace Broker.Transport.Tests.Proxies;

public sealed class ForwardedForTests
{
    private static readonly TrustedProxies Proxies = TrustedProxies.Parse(["10.0.0.0/8", "2001:db8::/32"]);

    [Theory]
    [InlineData("198.51.100.9", "10.0.0.1:5000", "198.51.100.9:0")]
    [InlineData("198.51.100.9:4711", "10.0.0.1:5000", "198.51.100.9:4711")]
    [InlineData("2001:db9::9", "10.0.0.1:5000", "[2001:db9::9]:0")]
    [InlineData("[2001:db9::9]:4711", "10.0.0.1:5000", "[2001:db9::9]:4711")]
    [InlineData("::ffff:198.51.100.9", "10.0.0.1:5000", "198.51.100.9:0")]
    [InlineData("198.51.100.9, 10.0.0.2", "10.0.0.1:5000", "198.51.100.9:0")]
    [InlineData("198.51.100.9,10.0.0.3, 2001:db8::2", "10.0.0.1:5000", "198.51.100.9:0")]
    // What stands left of the first stranger is what that stranger says.
    [InlineData("192.0.2.66, 198.51.100.9, 10.0.0.2", "10.0.0.1:5000", "198.51.100.9:0")]
    [InlineData("10.0.0.9, 198.51.100.9", "10.0.0.1:5000", "198.51.100.9:0")]
    // A client inside the trusted network.
    [InlineData("10.0.0.3, 10.0.0.2", "10.0.0.1:5000", "10.0.0.3:0")]
    // What cannot be read ends the search at who says so.
    [InlineData("198.51.100.9, unknown", "10.0.0.1:5000", "10.0.0.1:5000")]
    [InlineData("198.51.100.9, 1, 10.0.0.2", "10.0.0.1:5000", "10.0.0.2:0")]
    [InlineData("'; drop table --", "10.0.0.1:5000", "10.0.0.1:5000")]
    [InlineData("198.51.100.9:99999", "10.0.0.1:5000", "10.0.0.1:5000")]
    [InlineData("[198.51.100.9", "10.0.0.1:5000", "10.0.0.1:5000")]
    [InlineData("", "10.0.0.1:5000", "10.0.0.1:5000")]
    [InlineData(", ,", "10.0.0.1:5000", "10.0.0.1:5000")]
    // A stranger's word counts for nothing.
    [InlineData("198.51.100.9", "192.0.2.1:5000", "192.0.2.1:5000")]
    public void Find_InXForwardedFor_GoesFromTheRightToTheFirstStranger(string header, string peer, string client) =>
        ForwardedFor.Find(IPEndPoint.Parse(peer), [header], isStandard: false, Proxies).ShouldBe(IPEndPoint.Parse(client));

    [Fact]
    public void Find_InSeveralLines_TakesThemAsOne() =>
        ForwardedFor.Find(IPEndPoint.Parse("10.0.0.1:1"), ["192.0.2.66", "198.51.100.9, 10.0.0.2"], isStandard: false, Proxies)
            .ShouldBe(IPEndPoint.Parse("198.51.100.9:0"));

    [Fact]
    public void Find_WithoutTheHeader_IsThePeer() =>
        ForwardedFor.Find(IPEndPoint.Parse("10.0.0.1:1"), [], isStandard: false, Proxies).ShouldBe(IPEndPoint.Parse("10.0.0.1:1"));

    [Theory]
    [InlineData("for=198.51.100.9", "198.51.100.9:0")]
    [InlineData("For=\"198.51.100.9:4711\"", "198.51.100.9:4711")]
    [InlineData("for=\"[2001:db9::9]:4711\";proto=https;by=10.0.0.1", "[2001:db9::9]:4711")]
    [InlineData("proto=https; for=198.51.100.9; host=\"a, b; c\"", "198.51.100.9:0")]
    [InlineData("for=192.0.2.66, for=198.51.100.9;proto=http, for=10.0.0.2", "198.51.100.9:0")]
    [InlineData("for=198.51.100.9, for=\"[2001:db8::2]\"", "198.51.100.9:0")]
    [InlineData("for=\"198.51.100.9:_port\"", "198.51.100.9:0")]
    [InlineData("for=198.51.100.9, for=_hidden", "10.0.0.1:5000")]
    [InlineData("for=198.51.100.9, for=unknown, for=10.0.0.2", "10.0.0.2:0")]
    [InlineData("for=198.51.100.9, proto=http", "10.0.0.1:5000")]
    [InlineData("for=198.51.100.9;for=192.0.2.66", "10.0.0.1:5000")]
    [InlineData("for=\"198.51.100.9", "10.0.0.1:5000")]
    [InlineData("198.51.100.9", "10.0.0.1:5000")]
    public void Find_InForwarded_DoesTheSame(string header, string client) =>
        ForwardedFor.Find(IPEndPoint.Parse("10.0.0.1:5000"), [header], isStandard: true, Proxies).ShouldBe(IPEndPoint.Parse(client));
}
