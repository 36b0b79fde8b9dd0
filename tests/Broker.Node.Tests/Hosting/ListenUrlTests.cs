using Broker.Node.Hosting;

namespace Broker.Node.Tests.Hosting;

public sealed class ListenUrlTests
{
    [Theory]
    [InlineData("http://127.0.0.1:9772", "127.0.0.1", 9772)]
    [InlineData("http://0.0.0.0:80/", "0.0.0.0", 80)]
    [InlineData("http://[::1]:9772", "::1", 9772)]
    [InlineData("http://192.0.2.7:0", "192.0.2.7", 0)]
    [InlineData("http://localhost:0", "127.0.0.1", 0)]
    public void ParseAll_WhenTheAddressIsRight_KnowsIt(string url, string address, int port)
    {
        var parsed = ListenUrl.ParseAll(url, out var failure).ShouldNotBeNull().ShouldHaveSingleItem();

        failure.ShouldBeNull();
        parsed.Addresses.Select(one => one.ToString()).ShouldBe([address]);
        parsed.Port.ShouldBe(port);
    }

    [Theory]
    [InlineData("https://127.0.0.1:443", true)]
    [InlineData("http://127.0.0.1:443", false)]
    [InlineData("https://unix:/run/broker.sock", true)]
    public void Parse_KnowsWhetherItIsSecure(string url, bool isSecure) =>
        ListenUrl.Parse(url, out _).ShouldNotBeNull().IsSecure.ShouldBe(isSecure);

    [Fact]
    public void Parse_OfAUnixSocket_HasItsPathAndIsNotLoopback()
    {
        var url = ListenUrl.Parse("http://unix:/run/broker.sock", out _).ShouldNotBeNull();

        url.SocketPath.ShouldBe("/run/broker.sock");
        url.IsLoopback.ShouldBeFalse();
    }

    [Theory]
    [InlineData("http://unix:")]
    [InlineData("http://unix:broker.sock")]
    [InlineData("ws://unix:/run/broker.sock")]
    public void Parse_OfNoFullPath_SaysWhy(string url)
    {
        ListenUrl.Parse(url, out var failure).ShouldBeNull();

        failure.ShouldNotBeNull().ShouldContain("full path");
    }

    [Theory]
    [InlineData("http://*:80")]
    [InlineData("http://+:80")]
    [InlineData("http://[::]:80")]
    public void ParseAll_WhenEveryAddressIsMeant_IsNotLoopback(string url)
    {
        ListenUrl.ParseAll(url, out _)!.Single().IsLoopback.ShouldBeFalse();
    }

    [Fact]
    public void ParseAll_WhenThereAreSeveral_KnowsThemAll()
    {
        var parsed = ListenUrl.ParseAll("http://127.0.0.1:1; http://[::1]:2;", out _).ShouldNotBeNull();

        parsed.Select(url => url.Port).ShouldBe([1, 2]);
        parsed.ShouldAllBe(url => url.IsLoopback);
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost:9772")]
    [InlineData("ftp://localhost:9772")]
    [InlineData("http://localhost:9772/path")]
    [InlineData("http://localhost:99999")]
    [InlineData("http://[::1]")]
    [InlineData("http://127.0.0.1:1;nonsense")]
    public void ParseAll_WhenAnAddressIsWrong_SaysWhy(string urls)
    {
        ListenUrl.ParseAll(urls, out var failure).ShouldBeNull();

        failure.ShouldNotBeNull().ShouldContain("http://");
    }
}
