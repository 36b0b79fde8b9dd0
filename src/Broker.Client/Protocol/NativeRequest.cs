using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Broker.Client.Protocol;

/// <summary>
/// Writes requests, and those that want no answer:
/// <code>
/// {"jsonrpc":"2.0","method":M,"params":{...},"id":N}
/// {"jsonrpc":"2.0","method":M,"params":{...}}
/// </code>
/// </summary>
internal static class NativeRequest
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="ArgumentException">A text in it has half a surrogate pair.</exception>
    public static ReadOnlyMemory<byte> Write<T>(long? id, string method, T parameters, JsonTypeInfo<T> type)
    {
        var frame = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(frame, Options);
        writer.WriteStartObject();
        writer.WriteString("jsonrpc"u8, "2.0"u8);
        writer.WriteString("method"u8, method);
        writer.WritePropertyName("params"u8);
        JsonSerializer.Serialize(writer, parameters, type);
        if (id is { } number)
        {
            writer.WriteNumber("id"u8, number);
        }

        writer.WriteEndObject();
        writer.Flush();
        return frame.WrittenMemory;
    }
}
