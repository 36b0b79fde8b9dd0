using System.Text.Json;

namespace Broker.Benchmarks;

/// <summary>What a publish frame says. Its data stays where it is: only its length in the frame is told.</summary>
public readonly record struct PublishParts(bool IsPublish, string? Channel, string? Event, int DataLength)
{
    /// <summary>Reads a frame token by token, whatever the order of its members.</summary>
    public static PublishParts Read(ReadOnlySpan<byte> frame)
    {
        var reader = new Utf8JsonReader(frame);
        var parts = default(PublishParts);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.ValueTextEquals("method"u8))
            {
                reader.Read();
                parts = parts with { IsPublish = reader.ValueTextEquals("publish"u8) };
            }
            else if (reader.ValueTextEquals("channel"u8))
            {
                reader.Read();
                parts = parts with { Channel = reader.GetString() };
            }
            else if (reader.ValueTextEquals("event"u8))
            {
                reader.Read();
                parts = parts with { Event = reader.GetString() };
            }
            else if (reader.ValueTextEquals("data"u8))
            {
                reader.Read();
                var start = reader.TokenStartIndex;
                reader.Skip();
                parts = parts with { DataLength = (int)(reader.BytesConsumed - start) };
            }
        }

        return parts;
    }
}
