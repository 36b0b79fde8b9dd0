using System.Text.Json;

namespace Broker.Actors.Dialects.JsonRpc;

/// <summary>Walks over the elements of an array whose text has been checked.</summary>
internal ref struct JsonArray
{
    private readonly ReadOnlySpan<byte> _text;
    private Utf8JsonReader _reader;

    public JsonArray(ReadOnlySpan<byte> text, int maxDepth)
    {
        _text = text;
        _reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = maxDepth });
        _reader.Read();
    }

    public static int Count(ReadOnlySpan<byte> text, int maxDepth)
    {
        var count = 0;
        for (var array = new JsonArray(text, maxDepth); array.TryNext(out _, out _);)
        {
            count++;
        }

        return count;
    }

    public bool TryNext(out ReadOnlySpan<byte> element, out int start)
    {
        element = default;
        start = 0;
        if (!_reader.Read() || _reader.TokenType == JsonTokenType.EndArray)
        {
            return false;
        }

        start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        element = _text[start..(int)_reader.BytesConsumed];
        return true;
    }
}
