using System.Text.Json.Serialization;

namespace Broker.Client.Protocol;

/// <summary>The parameters of the native dialect's notifications.</summary>
internal abstract record NativeNotice
{
    private NativeNotice()
    {
    }

    /// <param name="Epoch">Null of a broadcast, which has no place in the stream.</param>
    public sealed record Event(string Channel, [property: JsonPropertyName("event")] string Name, JsonData Data, string? Epoch = null, long Offset = 0) : NativeNotice;

    public sealed record Joined(string Channel, string User, JsonData Info) : NativeNotice;

    public sealed record Left(string Channel, string User) : NativeNotice;

    public sealed record Reset(string Channel, string Epoch, long Offset) : NativeNotice;

    public sealed record Unsubscribed(string Channel, int Code, string Reason) : NativeNotice;
}
