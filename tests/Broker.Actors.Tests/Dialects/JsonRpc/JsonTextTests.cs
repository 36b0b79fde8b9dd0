using System.Text;
using Broker.Actors.Dialects.JsonRpc;

namespace Broker.Actors.Tests.Dialects.JsonRpc;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData(@"a\""b\\c\/d\b\f\n\r\t", "a\"b\\c/d\b\f\n\r\t")]
    [InlineData(@"\u0041\u00e9\u2615\uD83D\uDE00!", "Aé☕😀!")]
    [InlineData("é☕😀", "é☕😀")]
    public void TryGetString_ReadsEscapes(string raw, string expected)
    {
        JsonText.TryGetString(Encoding.UTF8.GetBytes(raw), out var text).ShouldBeTrue();
        text.ShouldBe(expected);
    }

    [Theory]
    [InlineData(@"\ud800")]
    [InlineData(@"\udc00")]
    [InlineData(@"\ud800x\udc00")]
    [InlineData(@"\ud800\n")]
    [InlineData(@"\ud800\ud800")]
    public void TryGetString_OfHalfAPair_SaysNo(string raw) =>
        JsonText.TryGetString(Encoding.UTF8.GetBytes(raw), out _).ShouldBeFalse();

    [Theory]
    [InlineData("type", true)]
    [InlineData(@"t\u0079pe", true)]
    [InlineData(@"\u0074\u0079\u0070\u0065", true)]
    [InlineData(@"types", false)]
    [InlineData(@"\u0074\u0079\u0070\u0065\u0073", false)]
    [InlineData(@"\ud800", false)]
    [InlineData("", false)]
    public void Equals_SeesThroughEscapes(string raw, bool expected) =>
        JsonText.Equals(Encoding.UTF8.GetBytes(raw), "type"u8).ShouldBe(expected);
}
