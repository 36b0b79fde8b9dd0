using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>What became of a request to the client. Never an exception: what goes wrong is an error, the client's own or one of ours.</summary>
public sealed class JsonRpcAnswer
{
    private static readonly JsonElement Null = ServiceJson.Parse("null"u8);

    private JsonRpcAnswer(JsonElement result, JsonElement error, NoAnswer why)
    {
        Result = result;
        Error = error;
        Why = why;
    }

    /// <summary>What the client gave; null where it is null, and beside an error.</summary>
    public JsonElement Result { get; }

    /// <summary>The client's error, whatever it is, or <see cref="Why"/> in words: <c>"connection closed"</c>; null where there is none.</summary>
    public JsonElement Error { get; }

    /// <summary>Why there is no answer of the client; <see cref="NoAnswer.None"/> where there is one.</summary>
    public NoAnswer Why { get; }

    public bool IsError => Error.ValueKind != JsonValueKind.Null;

    internal static JsonRpcAnswer ConnectionClosed { get; } = Without(NoAnswer.ConnectionClosed, "connection closed"u8);

    internal static JsonRpcAnswer TimedOut { get; } = Without(NoAnswer.TimedOut, "no answer in time"u8);

    internal static JsonRpcAnswer TooMany { get; } = Without(NoAnswer.TooMany, "too many requests wait for their answers"u8);

    /// <summary>The result as a C# value; System.Text.Json's rules, with names in camelCase.</summary>
    /// <exception cref="JsonException">It is none of that type.</exception>
    public T? As<T>() => Result.Deserialize<T>(ServiceJson.Options);

    /// <summary>The result as a C# value; false for an error, for null, and for what is none of that type: a client can answer anything.</summary>
    public bool TryAs<T>([NotNullWhen(true)] out T? value)
    {
        try
        {
            value = IsError ? default : As<T>();
            return value is not null && !IsError;
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
    }

    /// <param name="result">As it came; empty for null.</param>
    /// <param name="error">As it came; empty for null.</param>
    internal static JsonRpcAnswer Of(ReadOnlySpan<byte> result, ReadOnlySpan<byte> error) =>
        new(Read(result), Read(error), NoAnswer.None);

    private static JsonElement Read(ReadOnlySpan<byte> json) => json.IsEmpty ? Null : ServiceJson.Parse(json);

    private static JsonRpcAnswer Without(NoAnswer why, ReadOnlySpan<byte> words) => new(Null, ServiceJson.Parse([.. "\""u8, .. words, .. "\""u8]), why);
}
