using System.Text.Json;

namespace Broker.Node.Tests.Nodes;

/// <summary>What an EventSource would have dispatched.</summary>
/// <param name="Event"><c>message</c> where the stream named none.</param>
public sealed record SseMessage(string Event, string Data, string LastEventId)
{
    public JsonElement Json => JsonDocument.Parse(Data).RootElement;

    public string Channel => Json.GetProperty("channel").GetString()!;

    public long Offset => Json.GetProperty("offset").GetInt64();
}
