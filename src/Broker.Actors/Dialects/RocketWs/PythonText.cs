using System.Globalization;
using System.Text;
using System.Text.Json;
using Broker.Actors.Dialects.JsonRpc;

namespace Broker.Actors.Dialects.RocketWs;

/// <summary>JSON as Python 2 prints it, which some of RocketWS's messages show.</summary>
internal static class PythonText
{
    private const int MaxLength = 1_000;

    /// <summary>What <c>str</c> gives: text as it is, all else as <c>repr</c> gives it. Long text is cut.</summary>
    /// <param name="json">One JSON value that has been checked.</param>
    public static string Str(ReadOnlySpan<byte> json)
    {
        if (json[0] == '"')
        {
            return Cut(Plain(json[1..^1]));
        }

        var repr = new StringBuilder();
        AppendRepr(repr, json);
        return Cut(repr.ToString());
    }

    /// <summary>A string literal: in double quotes only when that saves escapes.</summary>
    public static void AppendQuoted(StringBuilder text, string plain)
    {
        var quote = plain.Contains('\'', StringComparison.Ordinal) && !plain.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(quote);
        foreach (var rune in plain.EnumerateRunes())
        {
            text.Append(rune.Value switch
            {
                '\\' => @"\\",
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                _ when rune.Value == quote => $"\\{quote}",
                >= ' ' and <= '~' => rune.ToString(),
                <= 0xFF => string.Create(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
                <= 0xFFFF => string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
            });
        }

        text.Append(quote);
    }

    /// <summary>What stands between the quotes; half a surrogate pair is shown as it was written.</summary>
    public static string Plain(ReadOnlySpan<byte> raw) => JsonText.TryGetString(raw, out var plain) ? plain : Encoding.UTF8.GetString(raw);

    private static string Cut(string text) => text.Length <= MaxLength ? text : string.Concat(text.AsSpan(0, MaxLength), "...");

    /// <summary>What <c>repr</c> gives. Walks, never recurses: depth costs nothing.</summary>
    private static void AppendRepr(StringBuilder text, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        var isFirst = true;
        while (text.Length <= MaxLength && reader.Read())
        {
            var isEnd = reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject;
            text.Append(isFirst || isEnd ? "" : ", ");
            AppendToken(text, ref reader);
            isFirst = reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject or JsonTokenType.PropertyName;
        }
    }

    private static void AppendToken(StringBuilder text, ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject: text.Append('{'); break;
            case JsonTokenType.EndObject: text.Append('}'); break;
            case JsonTokenType.StartArray: text.Append('['); break;
            case JsonTokenType.EndArray: text.Append(']'); break;
            case JsonTokenType.PropertyName: AppendUnicode(text, reader.ValueSpan); text.Append(": "); break;
            case JsonTokenType.String: AppendUnicode(text, reader.ValueSpan); break;
            case JsonTokenType.True: text.Append("True"); break;
            case JsonTokenType.False: text.Append("False"); break;
            case JsonTokenType.Null: text.Append("None"); break;
            default: text.Append(Encoding.UTF8.GetString(reader.ValueSpan)); break;
        }
    }

    private static void AppendUnicode(StringBuilder text, ReadOnlySpan<byte> raw) => AppendQuoted(text.Append('u'), Plain(raw));
}
