using System.Text.Json;

namespace Broker.Actors.Dialects.JsonRpc;

/// <summary>One JSON value as it stands in a request's text; valid as long as that.</summary>
/// <param name="start">Where it stands in the request's text.</param>
internal readonly ref struct JsonValue(JsonTokenType kind, ReadOnlySpan<byte> raw, int start)
{
    /// <summary>The value's first token; None when there is no value.</summary>
    public JsonTokenType Kind { get; } = kind;

    /// <summary>The whole value, quotes and brackets too.</summary>
    public ReadOnlySpan<byte> Raw { get; } = raw;

    public int Start { get; } = start;

    public bool IsMissing => Kind == JsonTokenType.None;

    /// <summary>True when there is no value, or null.</summary>
    public bool IsAbsent => Kind is JsonTokenType.None or JsonTokenType.Null;

    public bool IsString => Kind == JsonTokenType.String;

    public bool IsObject => Kind == JsonTokenType.StartObject;

    /// <summary>What stands between the quotes of a string.</summary>
    public ReadOnlySpan<byte> Text => Raw[1..^1];

    /// <summary>False when it is not a string, or not Unicode text.</summary>
    public bool TryGetString(out string text)
    {
        text = "";
        return IsString && JsonText.TryGetString(Text, out text);
    }
}
