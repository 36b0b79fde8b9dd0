using System.Buffers.Text;
using System.Text;

namespace Broker.Actors.Dialects.JsonRpc;

/// <summary>
/// The text between the quotes of a JSON string, as it came: escapes and all. Grammar has been checked before; what
/// grammar lets through (half a surrogate pair) is told by a value, never by an exception.
/// </summary>
internal static class JsonText
{
    private const byte Backslash = (byte)'\\';
    private const int LongestEscape = 6;

    public static bool HasEscapes(ReadOnlySpan<byte> raw) => raw.Contains(Backslash);

    /// <summary>True when the string means <paramref name="ascii"/>, written with escapes or without.</summary>
    public static bool Equals(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> ascii)
    {
        // Written with escapes it is longer than what it means.
        if (raw.Length <= ascii.Length)
        {
            return raw.SequenceEqual(ascii);
        }

        if (raw.Length > ascii.Length * LongestEscape || !HasEscapes(raw))
        {
            return false;
        }

        Span<byte> text = stackalloc byte[raw.Length];
        return TryUnescape(raw, text, out var written) && text[..written].SequenceEqual(ascii);
    }

    /// <summary>False when the string is not Unicode text: half a surrogate pair.</summary>
    public static bool TryGetString(ReadOnlySpan<byte> raw, out string text)
    {
        if (!HasEscapes(raw))
        {
            text = Encoding.UTF8.GetString(raw);
            return true;
        }

        var unescaped = new byte[raw.Length];
        var isText = TryUnescape(raw, unescaped, out var written);
        text = isText ? Encoding.UTF8.GetString(unescaped, 0, written) : "";
        return isText;
    }

    /// <param name="destination">As long as <paramref name="raw"/> is enough: no escape is shorter than what it means.</param>
    public static bool TryUnescape(ReadOnlySpan<byte> raw, Span<byte> destination, out int written)
    {
        written = 0;
        while (raw.IndexOf(Backslash) is var plain and >= 0)
        {
            raw[..plain].CopyTo(destination[written..]);
            written += plain;
            raw = raw[plain..];
            if (raw[1] != 'u')
            {
                destination[written++] = Meaning(raw[1]);
                raw = raw[2..];
            }
            else if (TryReadRune(ref raw, out var rune))
            {
                written += rune.EncodeToUtf8(destination[written..]);
            }
            else
            {
                return false;
            }
        }

        raw.CopyTo(destination[written..]);
        written += raw.Length;
        return true;
    }

    private static byte Meaning(byte escaped) => escaped switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => escaped,
    };

    private static bool TryReadRune(ref ReadOnlySpan<byte> raw, out Rune rune)
    {
        var first = ReadUnit(raw);
        raw = raw[LongestEscape..];
        if (!char.IsSurrogate(first))
        {
            rune = new Rune(first);
            return true;
        }

        rune = default;
        if (raw.Length < LongestEscape || raw[0] != Backslash || raw[1] != 'u' || !Rune.TryCreate(first, ReadUnit(raw), out rune))
        {
            return false;
        }

        raw = raw[LongestEscape..];
        return true;
    }

    private static char ReadUnit(ReadOnlySpan<byte> escape) =>
        Utf8Parser.TryParse(escape.Slice(2, 4), out ushort unit, out _, 'x') ? (char)unit : '\uFFFF';
}
