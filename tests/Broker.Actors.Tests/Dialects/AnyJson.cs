using System.Globalization;
using System.Text;

namespace Broker.Actors.Tests.Dialects;

/// <summary>Random JSON, fond of the names and escapes that dialects look at.</summary>
internal static class AnyJson
{
    private static readonly string[] Names =
    [
        "__type", "__ts", "type", "data", "message", "", "a", "\\u005f_type", "__\\u0074s", "t\\u0079pe", "__typ", "__t", "\\n", "é", "\\ud83d\\ude00", "\\\"__ts",
    ];

    public static string Object(Random random, int depth)
    {
        var text = new StringBuilder("{");
        for (var count = random.Next(5); count > 0; count--)
        {
            text.Append(text.Length > 1 ? "," : "").Append(Space(random)).Append('"').Append(Names[random.Next(Names.Length)]).Append('"')
                .Append(Space(random)).Append(':').Append(Space(random)).Append(Value(random, depth - 1)).Append(Space(random));
        }

        return text.Append('}').ToString();
    }

    public static string Value(Random random, int depth) => random.Next(depth > 0 ? 8 : 6) switch
    {
        0 => "null",
        1 => random.Next(2) == 0 ? "true" : "false",
        2 => random.Next(-1000, 1000).ToString(CultureInfo.InvariantCulture),
        3 => "-1.5e+3",
        4 => "\"" + Names[random.Next(Names.Length)] + "\"",
        5 => "\"{\\\"__ts\\\":1}\"",
        6 => Object(random, depth - 1),
        _ => "[" + string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1))) + "]",
    };

    private static string Space(Random random) => random.Next(6) == 0 ? " \n" : "";
}
