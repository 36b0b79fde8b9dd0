using System.Buffers.Text;
using System.Text.Json;
using Broker.Actors.Dialects.JsonRpc;
using Broker.Messages;

namespace Broker.Actors.Dialects.Native;

/// <summary>Reads parameters that are more than plain text. False: the value is something else.</summary>
internal static class NativeParams
{
    /// <summary><c>{"epoch":"...","offset":N}</c>, exactly these members. No value at all, or null, is no position.</summary>
    public static bool TryReadSince(JsonValue value, out Position? position)
    {
        position = null;
        if (value.IsAbsent)
        {
            return true;
        }

        Epoch? epoch = null;
        long? offset = null;
        if (!value.IsObject || !TryReadPosition(value.Raw, ref epoch, ref offset) || epoch is null || offset is not >= 0)
        {
            return false;
        }

        position = new Position(epoch.Value, offset.Value);
        return true;
    }

    /// <summary><c>{"info":ANY}</c>; the info may be left out.</summary>
    /// <param name="info">One JSON value; empty for none.</param>
    public static bool TryReadPresence(JsonValue value, out ReadOnlySpan<byte> info)
    {
        info = default;
        if (!value.IsObject)
        {
            return false;
        }

        var json = value.Raw;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!JsonText.Equals(reader.ValueSpan, "info"u8))
            {
                return false;
            }

            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            info = json[start..(int)reader.BytesConsumed];
        }

        return true;
    }

    public static bool TryReadUser(JsonValue value, int maxLength, out string? user)
    {
        user = value.TryGetString(out var text) && text.Length > 0 && text.Length <= maxLength ? text : null;
        return user is not null;
    }

    public static bool TryReadEventName(JsonValue value, EventNames names, out string? name)
    {
        name = null;
        if (value.IsString && !JsonText.HasEscapes(value.Text))
        {
            name = names.Get(value.Text);
            return true;
        }

        return value.TryGetString(out name);
    }

    /// <summary>A whole number from 0, written without a point or an exponent.</summary>
    public static bool TryReadLimit(JsonValue value, int otherwise, out int limit)
    {
        limit = otherwise;
        return value.IsAbsent
            || (value.Kind == JsonTokenType.Number && Utf8Parser.TryParse(value.Raw, out limit, out var read) && read == value.Raw.Length && limit >= 0);
    }

    public static bool TryReadDirection(JsonValue value, out bool isBackward)
    {
        isBackward = value.IsString && JsonText.Equals(value.Text, "backward"u8);
        return isBackward || value.IsAbsent || (value.IsString && JsonText.Equals(value.Text, "forward"u8));
    }

    private static bool TryReadPosition(ReadOnlySpan<byte> json, ref Epoch? epoch, ref long? offset)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            if (JsonText.Equals(name, "epoch"u8) && reader.TokenType == JsonTokenType.String
                && JsonText.TryGetString(reader.ValueSpan, out var text) && Epoch.TryParse(text, out var parsed))
            {
                epoch = parsed;
            }
            else if (JsonText.Equals(name, "offset"u8) && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number))
            {
                offset = number;
            }
            else
            {
                return false;
            }
        }

        return true;
    }
}
