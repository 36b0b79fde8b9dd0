using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>How services' values become JSON and come from it.</summary>
internal static class ServiceJson
{
    /// <summary>Members in camelCase, of any case when read; numbers are numbers; what cannot be null is not.</summary>
    public static JsonSerializerOptions Options { get; } = Make();


    /// <summary>A value that outlives its text.</summary>
    public static JsonElement Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = json.Length + 1 });   // its depth was checked when it came
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>One JSON value.</summary>
    public static byte[] Write(object? value) => JsonSerializer.SerializeToUtf8Bytes<object?>(value, Options);

    public static void Write(IBufferWriter<byte> buffer, object? value)
    {
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Options.Encoder });
        JsonSerializer.Serialize<object?>(writer, value, Options);
    }

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            NumberHandling = JsonNumberHandling.Strict,
            RespectNullableAnnotations = true,
            MaxDepth = 1_000,   // what comes was checked when it came
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
