using System.Text.Json;
using Broker.Actors.Dialects.JsonRpc;

namespace Broker.Actors.Dialects.WebRocket;

/// <summary>
/// Reads a message in one pass:
/// <code>
/// message   := { ACTION: arguments }
/// arguments := an object | true | false
/// </code>
/// </summary>
internal static class WebRocketReader
{
    /// <param name="text">UTF-8, as checked by whoever received it.</param>
    /// <param name="maxDepth">Levels of objects and arrays.</param>
    public static JsonRpcVerdict Read(ReadOnlySpan<byte> text, int maxDepth, out WebRocketRequest request)
    {
        request = default;
        var read = default(WebRocketRequest);
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            reader.Read();
            var isMessage = reader.TokenType == JsonTokenType.StartObject && ReadOnly(ref reader, text, ref read);
            while (reader.Read())
            {
                // To the end: what stands after the value, or is wrong within it, is found here.
            }

            request = read;
            return isMessage ? JsonRpcVerdict.Request : JsonRpcVerdict.Invalid;
        }
        catch (JsonException)
        {
            return JsonRpcVerdict.Unparsable;
        }
    }

    /// <summary>Reads the object's only member; false where there is none, a second one, or no arguments in it.</summary>
    private static bool ReadOnly(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, scoped ref WebRocketRequest request)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.PropertyName)
        {
            return false;
        }

        request.Action = reader.ValueSpan;
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.True or JsonTokenType.False: break;
            case JsonTokenType.StartObject: ReadArguments(ref reader, text, ref request); break;
            default: return false;
        }

        reader.Read();
        return reader.TokenType == JsonTokenType.EndObject;
    }

    private static void ReadArguments(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, scoped ref WebRocketRequest request)
    {
        var start = (int)reader.TokenStartIndex;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            var kind = reader.TokenType;
            var valueStart = (int)reader.TokenStartIndex;
            reader.Skip();
            request.Members++;
            Keep(name, new JsonValue(kind, text[valueStart..(int)reader.BytesConsumed], valueStart), ref request);
        }

        request.Arguments = text[start..(int)reader.BytesConsumed];
    }

    private static void Keep(ReadOnlySpan<byte> name, JsonValue value, scoped ref WebRocketRequest request)
    {
        if (JsonText.Equals(name, "event"u8))
        {
            request.Event = value;
        }
        else if (JsonText.Equals(name, "channel"u8))
        {
            request.Channel = value;
        }
        else if (JsonText.Equals(name, "data"u8))
        {
            request.Data = value;
        }
        else if (JsonText.Equals(name, "access"u8))
        {
            request.Access = value;
        }
        else if (JsonText.Equals(name, "secret"u8))
        {
            request.Secret = value;
        }
        else if (JsonText.Equals(name, "user"u8))
        {
            request.User = value;
        }
        else if (JsonText.Equals(name, "client"u8))
        {
            request.Client = value;
        }
    }
}
