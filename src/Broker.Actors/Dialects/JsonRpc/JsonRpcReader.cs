using System.Buffers.Text;
using System.Text.Json;

namespace Broker.Actors.Dialects.JsonRpc;

/// <summary>
/// Reads a text in one pass: checks that it is one whole JSON value and notes where a request's members stand. Strict as
/// docs/rocketws.md says: a member that JSON-RPC does not know makes it no request. Of a member that comes twice the last counts.
/// </summary>
internal static class JsonRpcReader
{
    /// <param name="text">UTF-8, as checked by whoever received it.</param>
    /// <param name="maxDepth">Levels of objects and arrays.</param>
    public static JsonRpcVerdict Read(ReadOnlySpan<byte> text, int maxDepth, out JsonRpcRequest request)
    {
        request = default;
        var read = default(JsonRpcRequest);   // the language lets a reader near a local, not near an out parameter
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            reader.Read();
            var verdict = reader.TokenType switch
            {
                JsonTokenType.StartObject => ReadObject(ref reader, text, ref read),
                JsonTokenType.StartArray => JsonRpcVerdict.Batch,
                _ => JsonRpcVerdict.Invalid,
            };
            while (reader.Read())
            {
                // To the end: what stands after the value, or is wrong within it, is found here.
            }

            request = read;
            return verdict;
        }
        catch (JsonException)
        {
            return JsonRpcVerdict.Unparsable;
        }
    }

    /// <summary>Whether nothing but its depth is wrong with an unparsable text.</summary>
    public static bool IsTooDeep(ReadOnlySpan<byte> unparsable)
    {
        var reader = new Utf8JsonReader(unparsable, new JsonReaderOptions { MaxDepth = unparsable.Length + 1 });
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static JsonRpcVerdict ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, scoped ref JsonRpcRequest request)
    {
        var isKnown = true;
        var isVersion = true;
        var isMethod = false;
        var isId = true;
        var areParams = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            if (JsonText.Equals(name, "method"u8))
            {
                isMethod = ReadMethod(ref reader, ref request);
            }
            else if (JsonText.Equals(name, "params"u8))
            {
                areParams = ReadParams(ref reader, text, ref request);
            }
            else if (JsonText.Equals(name, "id"u8))
            {
                isId = ReadId(ref reader, text, ref request);
            }
            else if (JsonText.Equals(name, "jsonrpc"u8))
            {
                isVersion = ReadVersion(ref reader, ref request);
            }
            else
            {
                isKnown = false;
                reader.Skip();
            }
        }

        return isKnown && isVersion && isMethod && isId && areParams ? JsonRpcVerdict.Request : JsonRpcVerdict.Invalid;
    }

    private static bool ReadVersion(ref Utf8JsonReader reader, scoped ref JsonRpcRequest request)
    {
        request.HasVersion = true;
        request.IsVersion2 = reader.TokenType == JsonTokenType.String && JsonText.Equals(reader.ValueSpan, "2.0"u8);
        var isString = reader.TokenType == JsonTokenType.String;
        reader.Skip();
        return isString;
    }

    private static bool ReadMethod(ref Utf8JsonReader reader, scoped ref JsonRpcRequest request)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return false;
        }

        request.Method = reader.ValueSpan;
        return !IsReserved(reader.ValueSpan);
    }

    private static bool IsReserved(ReadOnlySpan<byte> raw) =>
        JsonText.HasEscapes(raw)
            ? JsonText.TryGetString(raw, out var method) && method.StartsWith("rpc.", StringComparison.Ordinal)
            : raw.StartsWith("rpc."u8);

    private static bool ReadId(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, scoped ref JsonRpcRequest request)
    {
        var start = (int)reader.TokenStartIndex;
        var isId = reader.TokenType switch
        {
            JsonTokenType.String or JsonTokenType.Null => true,
            JsonTokenType.Number => IsWhole(reader.ValueSpan),
            _ => false,
        };
        reader.Skip();
        request.Id = text[start..(int)reader.BytesConsumed];
        return isId;
    }

    /// <summary>1 and 1.0 are, 1.5 is not.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> number) =>
        number.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0
        || (Utf8Parser.TryParse(number, out double value, out var read) && read == number.Length && double.IsInteger(value));

    private static bool ReadParams(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, scoped ref JsonRpcRequest request)
    {
        var kind = reader.TokenType;
        request.Params = new JsonRpcParams(text, kind == JsonTokenType.StartArray);
        request.HasParams = kind is JsonTokenType.StartObject or JsonTokenType.StartArray;
        switch (kind)
        {
            case JsonTokenType.StartObject:
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var nameStart = (int)reader.TokenStartIndex + 1;
                    var nameLength = reader.ValueSpan.Length;
                    reader.Read();
                    ReadParam(ref reader, nameStart, nameLength, ref request);
                }

                return true;

            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    ReadParam(ref reader, 0, 0, ref request);
                }

                return true;

            default:
                return kind == JsonTokenType.Null;
        }
    }

    private static void ReadParam(ref Utf8JsonReader reader, int nameStart, int nameLength, scoped ref JsonRpcRequest request)
    {
        var kind = reader.TokenType;
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        request.Params.Add(nameStart, nameLength, start, (int)reader.BytesConsumed - start, kind);
    }
}
