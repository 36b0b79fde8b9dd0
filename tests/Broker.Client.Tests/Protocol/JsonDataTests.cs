using System.Text;
using System.Text.Json;

namespace Broker.Client.Tests.Protocol;

/// <summary>A value goes and comes as its own bytes, and nothing that is no value goes.</summary>
public sealed class JsonDataTests
{
    [Fact]
    public void Values_AreTheirText()
    {
        JsonData.Of("¡\"hola\"!\n").ToString().ShouldBe("\"¡\\\"hola\\\"!\\n\"");
        JsonData.Of(7).ToString().ShouldBe("7");
        JsonData.Of(0.5).ToString().ShouldBe("0.5");
        JsonData.Of(true).ToString().ShouldBe("true");
        default(JsonData).ToString().ShouldBe("null");
        JsonData.Parse(" {\"a\" : 1} ").ToString().ShouldBe(" {\"a\" : 1} ");
        JsonData.Parse("[1,2]"u8).ToElement().GetArrayLength().ShouldBe(2);
        JsonData.Parse("1").ShouldBe(JsonData.Of(1));
        (JsonData.Of(1) == JsonData.Of(2)).ShouldBeFalse();
        JsonData.Of(1).GetHashCode().ShouldBe(JsonData.Parse("1").GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("1 2")]
    [InlineData("{\"a\":1,}")]
    [InlineData("nul")]
    public void Text_ThatIsNotOneValue_IsRefused(string text) => Should.Throw<JsonException>(() => JsonData.Parse(text));

    [Fact]
    public void Depth_OverWhatTheBrokerTakes_IsRefused()
    {
        JsonData.Parse(new string('[', JsonData.MaxDepth) + new string(']', JsonData.MaxDepth));
        Should.Throw<JsonException>(() => JsonData.Parse(new string('[', JsonData.MaxDepth + 1) + new string(']', JsonData.MaxDepth + 1)));
    }

    [Fact]
    public void Text_OfHalfASurrogatePair_IsRefused() => Should.Throw<ArgumentException>(() => JsonData.Of("\ud83d"));

    [Fact]
    public void Number_ThatJsonHasNot_IsRefused() => Should.Throw<ArgumentException>(() => JsonData.Of(double.NaN));

    [Fact]
    public void Utf8_ThatIsNone_IsRefused() => Should.Throw<JsonException>(() => JsonData.Parse([(byte)'"', 0xff, (byte)'"']));

    [Fact]
    public void Bytes_ThatAreTaken_AreACopy()
    {
        var bytes = Encoding.UTF8.GetBytes("123");
        var data = JsonData.Parse(bytes);
        bytes[0] = (byte)'9';

        data.ToString().ShouldBe("123");
    }
}
