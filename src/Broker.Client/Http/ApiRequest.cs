using System.Text.Json.Serialization;

namespace Broker.Client.Http;

/// <summary>The bodies of the HTTP API's requests; what is null is left out.</summary>
internal abstract record ApiRequest
{
    private ApiRequest()
    {
    }

    public sealed record Publish(string? App, string? Channel, [property: JsonPropertyName("channels")] IReadOnlyList<string>? Many, string? Event, JsonData Data, string IdempotencyKey) : ApiRequest;

    public sealed record Batch(string? App, [property: JsonPropertyName("batch")] IReadOnlyList<Publish> Entries) : ApiRequest;

    public sealed record History(string? App, string Channel, ChannelPosition? Since, int? Limit, string? Direction) : ApiRequest;

    public sealed record Presence(string? App, string Channel) : ApiRequest;

    public sealed record Channels(string? App, string? Pattern, int? Limit) : ApiRequest;

    public sealed record Disconnect(string? App, string User, int Code, string? Reason) : ApiRequest;

    public sealed record Unsubscribe(string? App, string User, string Channel) : ApiRequest;
}
