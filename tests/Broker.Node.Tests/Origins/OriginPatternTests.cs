using Broker.Node.Origins;

namespace Broker.Node.Tests.Origins;

public sealed class OriginPatternTests
{
    [Theory]
    [InlineData("https://example.com", "https://example.com", true)]
    [InlineData("https://example.com", "https://EXAMPLE.com:443", true)]
    [InlineData("https://Example.com:443", "https://example.com", true)]
    [InlineData("https://example.com", "http://example.com", false)]
    [InlineData("https://example.com", "https://example.com:8443", false)]
    [InlineData("https://example.com", "https://www.example.com", false)]
    [InlineData("https://example.com", "https://example.com.evil.net", false)]
    [InlineData("https://example.com", "null", false)]
    [InlineData("https://*.example.com", "https://www.example.com", true)]
    [InlineData("https://*.example.com", "https://a.b.example.com", true)]
    [InlineData("https://*.example.com", "https://example.com", false)]
    [InlineData("https://*.example.com", "https://.example.com", false)]
    [InlineData("https://*.example.com", "https://evilexample.com", false)]
    [InlineData("https://*.example.com", "https://www.example.com.evil.net", false)]
    [InlineData("https://*.example.com", "https://evil.net/www.example.com", false)]
    [InlineData("https://*.example.com", "https://evil.net#www.example.com", false)]
    [InlineData("https://*.example.com", "https://evil.net@www.example.com", false)]
    [InlineData("https://*.example.com:*", "https://www.example.com:8443", true)]
    [InlineData("http://localhost:*", "http://localhost:5173", true)]
    [InlineData("http://localhost:*", "http://localhost", true)]
    [InlineData("http://localhost:*", "https://localhost", false)]
    [InlineData("http://[::1]:3000", "http://[::1]:3000", true)]
    [InlineData("app://com.example", "app://com.example", true)]
    [InlineData("null", "null", true)]
    [InlineData("null", "https://example.com", false)]
    [InlineData("*", "https://example.com", true)]
    [InlineData("*", "null", true)]
    public void Matches_GoesBySchemeHostAndPort(string pattern, string origin, bool matches)
    {
        OriginPattern.TryParse(pattern, out var parsed).ShouldBeTrue();

        parsed!.Matches(origin).ShouldBe(matches);
    }

    [Theory]
    [InlineData("")]
    [InlineData("example.com")]
    [InlineData("https://")]
    [InlineData("https://example.com/")]
    [InlineData("https://example.com/path")]
    [InlineData("https://*")]
    [InlineData("https://*.")]
    [InlineData("https://*example.com")]
    [InlineData("https://www.*.com")]
    [InlineData("https://**.example.com")]
    [InlineData("https://example.com:port")]
    [InlineData("https://example.com:")]
    [InlineData("*://example.com")]
    public void TryParse_OfAnythingElse_IsFalse(string text) => OriginPattern.TryParse(text, out _).ShouldBeFalse();
}
