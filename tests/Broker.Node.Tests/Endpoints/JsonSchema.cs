using System.Text.Json;
using System.Text.RegularExpressions;

namespace Broker.Node.Tests.Endpoints;

/// <summary>The part of JSON Schema that openapi.json uses; a keyword that it does not know is a mistake of the document.</summary>
internal sealed class JsonSchema(JsonElement document)
{
    private static readonly string[] Remarks = ["description", "default"];

    /// <summary>What is wrong with a value; nothing where it fits.</summary>
    public IEnumerable<string> Mistakes(JsonElement schema, JsonElement value, string at = "$")
    {
        foreach (var keyword in schema.EnumerateObject().Where(keyword => !Remarks.Contains(keyword.Name)))
        {
            foreach (var mistake in Mistakes(keyword.Name, keyword.Value, schema, value, at))
            {
                yield return mistake;
            }
        }
    }

    /// <summary>What a reference or the thing itself stands for.</summary>
    public JsonElement Resolve(JsonElement element)
    {
        while (element.TryGetProperty("$ref", out var reference))
        {
            element = document;
            foreach (var step in reference.GetString()!.Split('/')[1..])
            {
                element = element.GetProperty(step);
            }
        }

        return element;
    }

    private IEnumerable<string> Mistakes(string keyword, JsonElement expected, JsonElement schema, JsonElement value, string at) => keyword switch
    {
        "$ref" => Mistakes(Resolve(schema), value, at),
        "type" => If(!IsOf(expected.GetString()!, value), $"{at} is no {expected}: {value.GetRawText()}"),
        "enum" => If(!expected.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)), $"{at} is none of {expected}: {value.GetRawText()}"),
        "pattern" => If(value.ValueKind == JsonValueKind.String && !Regex.IsMatch(value.GetString()!, expected.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)), $"{at} is not like {expected}: {value}"),
        "minimum" => If(value.ValueKind == JsonValueKind.Number && value.GetDouble() < expected.GetDouble(), $"{at} is below {expected}"),
        "minLength" => If(value.ValueKind == JsonValueKind.String && value.GetString()!.Length < expected.GetInt32(), $"{at} is too short"),
        "maxLength" => If(value.ValueKind == JsonValueKind.String && value.GetString()!.Length > expected.GetInt32(), $"{at} is too long"),
        "required" => Required(expected, value, at),
        "properties" => Properties(expected, value, at),
        "additionalProperties" => Others(schema, value, at),
        "items" => Items(expected, value, at),
        "oneOf" => If(
            expected.EnumerateArray().Count(one => !Mistakes(one, value, at).Any()) != 1,
            $"{at} fits not one of the choices: " + string.Join("; ", expected.EnumerateArray().SelectMany(one => Mistakes(one, value, at)))),
        _ => [$"The keyword {keyword} is not known here."],
    };

    private static IEnumerable<string> Required(JsonElement names, JsonElement value, string at) => value.ValueKind == JsonValueKind.Object
        ? names.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{at} has no {name}")
        : [];

    private IEnumerable<string> Properties(JsonElement properties, JsonElement value, string at) => value.ValueKind == JsonValueKind.Object
        ? properties.EnumerateObject().SelectMany(property => value.TryGetProperty(property.Name, out var member) ? Mistakes(property.Value, member, $"{at}.{property.Name}") : [])
        : [];

    private static IEnumerable<string> Others(JsonElement schema, JsonElement value, string at) => value.ValueKind == JsonValueKind.Object
        ? value.EnumerateObject().Where(member => !schema.GetProperty("properties").TryGetProperty(member.Name, out _)).Select(member => $"{at}.{member.Name} is not known")
        : [];

    private IEnumerable<string> Items(JsonElement items, JsonElement value, string at) => value.ValueKind == JsonValueKind.Array
        ? value.EnumerateArray().SelectMany((item, index) => Mistakes(items, item, $"{at}[{index}]"))
        : [];

    private static IEnumerable<string> If(bool isWrong, string mistake) => isWrong ? [mistake] : [];

    private static bool IsOf(string type, JsonElement value) => (type, value.ValueKind) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => value.TryGetInt64(out _),
        _ => false,
    };
}
