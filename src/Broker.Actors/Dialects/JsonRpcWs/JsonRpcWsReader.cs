using System.Text.Json;
using Broker.Actors.Dialects.JsonRpc;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>
/// Tells the kinds of messages apart, in one pass: what has a method is a request, or a notification where its id is null or not there; what else
/// has a result or an error, and an id, is a response; all else is none. Other members are ignored; of one that comes twice the last counts.
/// </summary>
internal static class JsonRpcWsReader
{
    /// <param name="text">UTF-8, as checked by whoever received it.</param>
    /// <param name="maxDepth">Levels of objects and arrays.</param>
    public static JsonRpcWsVerdict Read(ReadOnlySpan<byte> text, int maxDepth, out JsonRpcWsMessage message)
    {
        message = default;
        var read = default(JsonRpcWsMessage);   // the language lets a reader near a local, not near an out parameter
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            reader.Read();
            var verdict = reader.TokenType == JsonTokenType.StartObject ? ReadObject(ref reader, text, ref read) : JsonRpcWsVerdict.Invalid;
            while (reader.Read())
            {
                // To the end: what stands after the value, or is wrong within it, is found here.
            }

            message = read;
            return verdict;
        }
        catch (JsonException)
        {
            return JsonRpcWsVerdict.Unparsable;
        }
    }

    private static JsonRpcWsVerdict ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, scoped ref JsonRpcWsMessage message)
    {
        bool? isMethod = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            var kind = reader.TokenType;
            if (JsonText.Equals(name, "method"u8))
            {
                isMethod = kind == JsonTokenType.String && !reader.ValueSpan.IsEmpty;
                message.Method = isMethod.Value ? reader.ValueSpan : default;
                reader.Skip();
            }
            else if (JsonText.Equals(name, "id"u8))
            {
                var id = Value(ref reader, text);
                message.Id = kind == JsonTokenType.Null ? default : id;
            }
            else if (JsonText.Equals(name, "params"u8))
            {
                message.ParamsKind = kind;
                message.Params = Value(ref reader, text);
            }
            else if (JsonText.Equals(name, "result"u8))
            {
                message.Result = Value(ref reader, text);
            }
            else if (JsonText.Equals(name, "error"u8))
            {
                message.Error = Value(ref reader, text);
            }
            else
            {
                reader.Skip();
            }
        }

        return isMethod is not null ? isMethod.Value ? JsonRpcWsVerdict.Call : JsonRpcWsVerdict.Invalid
            : !(message.Result.IsEmpty && message.Error.IsEmpty) && !message.Id.IsEmpty ? JsonRpcWsVerdict.Response
            : JsonRpcWsVerdict.Invalid;
    }

    private static ReadOnlySpan<byte> Value(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return text[start..(int)reader.BytesConsumed];
    }
}
