using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Broker.Client.Protocol;

namespace Broker.Client;

/// <summary>One JSON value, as the UTF-8 that it comes or goes as. The default is <c>null</c>.</summary>
[JsonConverter(typeof(JsonDataConverter))]
public readonly struct JsonData : IEquatable<JsonData>
{
    /// <summary>Levels of objects and arrays that a value to be published may have: the broker's 64 less those of the request.</summary>
    public const int MaxDepth = 62;

    private readonly ReadOnlyMemory<byte> _utf8;

    /// <param name="valid">Known to be one JSON value; belongs to the new instance.</param>
    internal JsonData(ReadOnlyMemory<byte> valid) => _utf8 = valid;

    /// <summary>JSON's <c>null</c>.</summary>
    public static JsonData Null => default;

    /// <summary>The value's text in UTF-8. It may be a part of something larger that lives as long.</summary>
    public ReadOnlyMemory<byte> Utf8 => _utf8.IsEmpty ? "null"u8.ToArray() : _utf8;

    /// <summary>A JSON string with this text; not JSON text, which <see cref="Parse(string)"/> takes.</summary>
    /// <exception cref="ArgumentException">Half a surrogate pair is no Unicode text.</exception>
    public static JsonData Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new JsonData(Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\""));
    }

    /// <summary>A whole number.</summary>
    public static JsonData Of(long number) => Of(number, ClientJson.Default.Int64);

    /// <summary>A number.</summary>
    /// <exception cref="ArgumentException">JSON has neither infinity nor what is not a number.</exception>
    public static JsonData Of(double number) => Of(number, ClientJson.Default.Double);

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public static JsonData Of(bool truth) => new(truth ? "true"u8.ToArray() : "false"u8.ToArray());

    /// <summary>A value as a source-generated <see cref="JsonSerializerContext"/> writes it.</summary>
    /// <exception cref="JsonException">It is deeper than <see cref="MaxDepth"/>.</exception>
    public static JsonData Of<T>(T value, JsonTypeInfo<T> type) => Checked(JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>Takes JSON text.</summary>
    /// <exception cref="JsonException">It is not one JSON value, or deeper than <see cref="MaxDepth"/>.</exception>
    public static JsonData Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Checked(Encoding.UTF8.GetBytes(json));
    }

    /// <summary>Takes JSON text in UTF-8, which is copied.</summary>
    /// <inheritdoc cref="Parse(string)"/>
    public static JsonData Parse(ReadOnlySpan<byte> utf8) => Checked(utf8.ToArray());

    /// <summary>Reads the value as a source-generated <see cref="JsonSerializerContext"/> does.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public T? As<T>(JsonTypeInfo<T> type) => JsonSerializer.Deserialize(Utf8.Span, type);

    /// <summary>The value as an element, which is independent of this one.</summary>
    public JsonElement ToElement() => As(ClientJson.Default.JsonElement);

    /// <summary>The value's JSON text.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Utf8.Span);

    /// <summary>Whether the text is the same, byte for byte.</summary>
    public bool Equals(JsonData other) => Utf8.Span.SequenceEqual(other.Utf8.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is JsonData other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Utf8.Span);
        return hash.ToHashCode();
    }

    /// <inheritdoc cref="Equals(JsonData)"/>
    public static bool operator ==(JsonData left, JsonData right) => left.Equals(right);

    /// <summary>Whether the text differs in a byte.</summary>
    public static bool operator !=(JsonData left, JsonData right) => !left.Equals(right);

    private static JsonData Checked(byte[] utf8)
    {
        // The reader does not look into strings.
        if (!System.Text.Unicode.Utf8.IsValid(utf8))
        {
            throw new JsonException("It is not UTF-8.");
        }

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
        }

        return new JsonData(utf8);
    }
}
