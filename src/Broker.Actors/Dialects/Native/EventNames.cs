using System.Text;

namespace Broker.Actors.Dialects.Native;

/// <summary>
/// Turns the bytes of an event's name into text; the names that come often are not built anew. Loops share it without
/// a lock: a place holds a whole string or another whole string, and a lost one is only built again.
/// </summary>
internal sealed class EventNames
{
    private const int Places = 1024;
    private const int MaxLength = 64;

    private readonly string?[] _names = new string?[Places];

    /// <param name="utf8">Valid UTF-8.</param>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxLength)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        var hash = default(HashCode);
        hash.AddBytes(utf8);
        ref var place = ref _names[(uint)hash.ToHashCode() % Places];
        if (Volatile.Read(ref place) is { } known && IsSame(utf8, known))
        {
            return known;
        }

        var name = Encoding.UTF8.GetString(utf8);
        Volatile.Write(ref place, name);
        return name;
    }

    private static bool IsSame(ReadOnlySpan<byte> utf8, string name)
    {
        Span<char> text = stackalloc char[MaxLength];
        return text[..Encoding.UTF8.GetChars(utf8, text)].SequenceEqual(name);
    }
}
