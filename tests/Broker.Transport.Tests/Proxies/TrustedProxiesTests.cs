using System.Net;
using Broker.Transport.Proxies;

namespace Broker.Transport.Tests.Proxies;

public sealed class TrustedProxiesTests
{
    private static readonly TrustedProxies Some = TrustedProxies.Parse(["10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "::1"]);

    [Theory]
    [InlineData("10.255.0.1", true)]
    [InlineData("::ffff:10.1.1.1", true)]
    [InlineData("192.0.2.7", true)]
    [InlineData("192.0.2.8", false)]
    [InlineData("11.0.0.1", false)]
    [InlineData("2001:db8:1::5", true)]
    [InlineData("2001:db9::5", false)]
    [InlineData("::1", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("255.255.255.255", false)]   // stands for peers without an address
    public void Trusts_OfAPeer_GoesByTheNetworks(string peer, bool isTrusted) =>
        Some.Trusts(IPAddress.Parse(peer)).ShouldBe(isTrusted);

    [Fact]
    public void Trusts_OfAPeerOnAUnixSocket_NeedsItsName()
    {
        TrustedProxies.Parse(["0.0.0.0/0"]).Trusts(IPAddress.None).ShouldBeFalse();
        TrustedProxies.Parse(["unix"]).Trusts(IPAddress.None).ShouldBeTrue();
        TrustedProxies.Parse(["unix"]).IsEmpty.ShouldBeFalse();
        TrustedProxies.None.IsEmpty.ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("proxy.example.com")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.1/8")]
    [InlineData("10")]
    [InlineData("10.1")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("0x7f.0.0.1")]
    public void IsEntry_OfAnythingElse_IsFalse(string entry)
    {
        TrustedProxies.IsEntry(entry).ShouldBeFalse();
        Should.Throw<FormatException>(() => TrustedProxies.Parse([entry]));
    }
}
