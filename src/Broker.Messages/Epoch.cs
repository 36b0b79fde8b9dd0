using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Broker.Messages;

/// <summary>
/// What clients see of a channel's stream: its life (new when the channel's state is created anew) and the term of its
/// owner. Opaque to clients: they hand it back and never compare it.
/// </summary>
/// <param name="Life">Random, minted with the channel's state.</param>
/// <param name="Term">The fencing number under which the event was ordered; grows at each change of owner.</param>
public readonly record struct Epoch(ulong Life, long Term) : ISpanFormattable
{
    /// <summary>The longest text of an epoch, in characters.</summary>
    public const int MaxTextLength = 16 + 1 + 20;

    public static bool TryParse(ReadOnlySpan<char> text, out Epoch epoch)
    {
        epoch = default;
        var dot = text.IndexOf('.');
        if (dot is < 1 or > 16
            || !ulong.TryParse(text[..dot], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var life)
            || !long.TryParse(text[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var term))
        {
            return false;
        }

        epoch = new Epoch(life, term);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Life:x16}.{Term}");

    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    [SuppressMessage("Usage", "MA0076", Justification = "Invariant by construction.")]
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        destination.TryWrite(CultureInfo.InvariantCulture, $"{Life:x16}.{Term}", out charsWritten);

    /// <summary>The same text in UTF-8, without building anything.</summary>
    public bool TryFormat(Span<byte> utf8, out int written)
    {
        written = 0;
        if (!Utf8Formatter.TryFormat(Life, utf8, out var life, new StandardFormat('x', 16))
            || life == utf8.Length
            || !Utf8Formatter.TryFormat(Term, utf8[(life + 1)..], out var term))
        {
            return false;
        }

        utf8[life] = (byte)'.';
        written = life + 1 + term;
        return true;
    }
}
