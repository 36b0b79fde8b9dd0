using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Broker.Client.Protocol;

/// <summary>A message of the broker's: an answer, with <see cref="Id"/>, or a notification, with <see cref="Method"/>.</summary>
/// <param name="Id">Null of a notification, and of an answer to something that the broker could not read.</param>
/// <param name="Params">A part of the message; empty where it has none. So are the others.</param>
internal readonly record struct NativeFrame(long? Id, string? Method, ReadOnlyMemory<byte> Params, ReadOnlyMemory<byte> Result, ReadOnlyMemory<byte> Error)
{
    public NativeError? ReadError() => Error.IsEmpty ? null : Read(Error, ClientJson.Default.NativeError);

    public T ReadResult<T>(JsonTypeInfo<T> type) => Read(Result, type);

    public T ReadParams<T>(JsonTypeInfo<T> type) => Read(Params, type);

    /// <param name="message">Belongs to the frame from now on.</param>
    /// <exception cref="JsonException">It is no message of the dialect's.</exception>
    public static NativeFrame Parse(ReadOnlyMemory<byte> message)
    {
        var frame = default(NativeFrame);
        var reader = new Utf8JsonReader(message.Span, new JsonReaderOptions { MaxDepth = 1_024 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A message is not an object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                frame = frame with { Id = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var id) ? id : null };
                reader.Skip();
            }
            else if (reader.ValueTextEquals("method"u8))
            {
                reader.Read();
                frame = frame with { Method = reader.TokenType == JsonTokenType.String ? reader.GetString() : throw new JsonException("`method` is no text.") };
            }
            else if (reader.ValueTextEquals("params"u8))
            {
                frame = frame with { Params = Value(message, ref reader) };
            }
            else if (reader.ValueTextEquals("result"u8))
            {
                frame = frame with { Result = Value(message, ref reader) };
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                frame = frame with { Error = Value(message, ref reader) };
            }
            else
            {
                reader.Skip();
            }
        }

        // What follows the object is an error too.
        while (reader.Read())
        {
        }

        return frame;
    }

    private static ReadOnlyMemory<byte> Value(ReadOnlyMemory<byte> message, ref Utf8JsonReader reader)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return message[start..(int)reader.BytesConsumed];
    }

    private static T Read<T>(ReadOnlyMemory<byte> json, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(json.Span, type) ?? throw new JsonException("A value is null that must not be.");
}
