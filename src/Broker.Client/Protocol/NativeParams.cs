using System.Text.Json.Serialization;

namespace Broker.Client.Protocol;

/// <summary>The parameters of the native dialect's methods; what is null is left out.</summary>
internal abstract record NativeParams
{
    private NativeParams()
    {
    }

    public sealed record Connect(string? App, string? User, string? Token) : NativeParams;

    public sealed record Subscribe(string Channel, ChannelPosition? Since, [property: JsonPropertyName("presence")] MemberInfo? Membership, string? Token) : NativeParams;

    public sealed record Unsubscribe(string Channel) : NativeParams;

    public sealed record Refresh(string Channel, string Token) : NativeParams;

    public sealed record Publish(string Channel, string Event, JsonData Data, string IdempotencyKey, string? Token) : NativeParams;

    public sealed record History(string Channel, ChannelPosition? Since, int? Limit, string? Direction, string? Token) : NativeParams;

    public sealed record Presence(string Channel, string? Token) : NativeParams;

    public sealed record Ping : NativeParams;

    public sealed record MemberInfo(JsonData? Info);
}
