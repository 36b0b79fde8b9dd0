using System.Text.Json;

namespace Broker.Node.Tests.Endpoints;

/// <summary>What holds the papers against the code must itself object to what is wrong.</summary>
public sealed class JsonSchemaTests
{
    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}""", """{"a":1}""", true)]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}""", """{"a":1.5}""", false)]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}""", """{}""", false)]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}""", """{"a":1,"b":1}""", false)]
    [InlineData("""{"type":"array","items":{"enum":[1,2]}}""", "[1,2]", true)]
    [InlineData("""{"type":"array","items":{"enum":[1,2]}}""", "[1,3]", false)]
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"boolean"}]}""", "true", true)]
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"boolean"}]}""", "1", false)]
    [InlineData("""{"oneOf":[{"type":"string"},{"enum":["a"]}]}""", "\"a\"", false)]
    [InlineData("""{"pattern":"^a+$"}""", "\"aa\"", true)]
    [InlineData("""{"pattern":"^a+$"}""", "\"ab\"", false)]
    [InlineData("""{"minimum":0}""", "-1", false)]
    [InlineData("""{"minLength":1}""", "\"\"", false)]
    [InlineData("""{"maxLength":1}""", "\"ab\"", false)]
    [InlineData("""{"typ":"string"}""", "\"a\"", false)]
    public void Mistakes_AreFound(string schema, string value, bool isRight)
    {
        var mistakes = new JsonSchema(default).Mistakes(JsonDocument.Parse(schema).RootElement, JsonDocument.Parse(value).RootElement);

        mistakes.Any().ShouldBe(!isRight);
    }
}
