using System.Text.Json;

namespace Broker.Actors.Tokens;

/// <summary>Reads members of an object that may be left out.</summary>
internal static class JsonMember
{
    /// <summary>False when the member is there and is no string of Unicode text; null where it is not there.</summary>
    public static bool TryGetText(JsonElement json, ReadOnlySpan<byte> name, out string? text)
    {
        text = null;
        return !json.TryGetProperty(name, out var value) || TryGetText(value, out text);
    }

    public static bool TryGetText(JsonElement value, out string? text)
    {
        text = null;
        if (value.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        try
        {
            text = value.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;   // half a surrogate pair
        }
    }

    /// <summary>A NumericDate (RFC 7519, section 2), seconds since 1970, as milliseconds. False when it is there and is no number.</summary>
    public static bool TryGetDate(JsonElement json, ReadOnlySpan<byte> name, out long? unixMs)
    {
        unixMs = null;
        if (!json.TryGetProperty(name, out var value))
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var seconds) || !double.IsFinite(seconds))
        {
            return false;
        }

        // Far beyond any date, and far from an overflow.
        unixMs = (long)(Math.Clamp(seconds, -1e12, 1e12) * 1_000);
        return true;
    }

    /// <summary>A string, or an array of strings. False when the member is there and is something else; null where it is not there.</summary>
    public static bool TryGetTexts(JsonElement json, ReadOnlySpan<byte> name, bool mayBeOne, out List<string>? texts)
    {
        texts = null;
        if (!json.TryGetProperty(name, out var value))
        {
            return true;
        }

        texts = [];
        if (mayBeOne && TryGetText(value, out var one))
        {
            texts.Add(one!);
            return true;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        foreach (var item in value.EnumerateArray())
        {
            if (!TryGetText(item, out var text))
            {
                return false;
            }

            texts.Add(text!);
        }

        return true;
    }
}
