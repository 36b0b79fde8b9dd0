using System.Text;
using System.Text.Json;
using Broker.Actors.Dialects.RocketWs;
using Broker.Actors.Loops;

namespace Broker.Actors.Tests.Dialects.RocketWs;

public sealed class RocketWsPushTests
{
    [Theory]
    [InlineData("""{"message":"hola!"}""", """{"message":"hola!","__type":"message","__ts":1420070400}""")]
    [InlineData("{}", """{"__type":"message","__ts":1420070400}""")]
    [InlineData(" {\n } ", """{"__type":"message","__ts":1420070400}""")]
    [InlineData(""" {"a": 1 } """, """{"a": 1 ,"__type":"message","__ts":1420070400}""")]
    [InlineData("""{"__type":"mine","__ts":"x","type":"t"}""", """{"type":"t","__type":"message","__ts":1420070400}""")]
    [InlineData("""{"a":1,"__ts":{"__ts":[1]},"b":2,"__type":[],"a":3}""", """{"a":1,"b":2,"a":3,"__type":"message","__ts":1420070400}""")]
    [InlineData("""{"\u005f_type":1,"__\u0074s":2,"x":"\u00e9"}""", """{"x":"\u00e9","__type":"message","__ts":1420070400}""")]
    [InlineData("""{"a":{"__ts":1},"b":"__type"}""", """{"a":{"__ts":1},"b":"__type","__type":"message","__ts":1420070400}""")]
    [InlineData("""{"__types":1}""", """{"__types":1,"__type":"message","__ts":1420070400}""")]
    [InlineData("""{"\ud800\u0000":1}""", """{"\ud800\u0000":1,"__type":"message","__ts":1420070400}""")]
    [InlineData("[1, 2]", """{"data":[1, 2],"__type":"message","__ts":1420070400}""")]
    [InlineData("\"{}\"", """{"data":"{}","__type":"message","__ts":1420070400}""")]
    [InlineData("null", """{"data":null,"__type":"message","__ts":1420070400}""")]
    [InlineData("", """{"data":null,"__type":"message","__ts":1420070400}""")]
    public void Write_Version02_KeepsTheOthersBytes(string data, string expected) =>
        Write(data, RocketWsVersion.V02).ShouldBe(expected);

    [Theory]
    [InlineData("""{"message":"hola!"}""", """{"message":"hola!","type":"message"}""")]
    [InlineData("""{"type":"mine"}""", """{"type":"message"}""")]
    [InlineData("""{"__type":"mine","__ts":1,"t\u0079pe":2}""", """{"__type":"mine","__ts":1,"type":"message"}""")]
    [InlineData("""{"a":"type"}""", """{"a":"type","type":"message"}""")]
    [InlineData("7", """{"data":7,"type":"message"}""")]
    public void Write_Version01_KeepsTheOthersBytes(string data, string expected) =>
        Write(data, RocketWsVersion.V01).ShouldBe(expected);

    /// <summary>For any object: what is written is JSON, has our members, and all others as they were, in their order.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Write_OfAnyObject_ChangesOurMembersAlone(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 2_000; round++)
        {
            var data = AnyJson.Object(random, depth: 3);
            foreach (var version in (RocketWsVersion[])[RocketWsVersion.V01, RocketWsVersion.V02])
            {
                string[] ours = version == RocketWsVersion.V01 ? ["type"] : ["__type", "__ts"];
                using var before = JsonDocument.Parse(data);
                using var after = JsonDocument.Parse(Write(data, version));
                var kept = before.RootElement.EnumerateObject().Where(member => !ours.Contains(member.Name)).Select(Raw);
                var members = after.RootElement.EnumerateObject().ToArray();
                members[..^ours.Length].Select(Raw).ShouldBe(kept, data);
                members[^ours.Length..].Select(member => member.Name).ShouldBe(ours, data);
                members[^ours.Length].Value.GetString().ShouldBe("message");
            }
        }
    }

    private static string Raw(JsonProperty member) => member.Name + ":" + member.Value.GetRawText();

    private static string Write(string data, RocketWsVersion version)
    {
        var payload = new PayloadWriter();
        RocketWsPush.Write(payload, Encoding.UTF8.GetBytes(data), version, "message"u8, 1_420_070_400_999);
        return Encoding.UTF8.GetString(payload.WrittenSpan);
    }
}
