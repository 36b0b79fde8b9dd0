using Broker.Actors.Dialects.JsonRpc;

namespace Broker.Actors.Dialects.WebRocket;

/// <summary>One message as it stands in its text: nothing is copied, nothing is built. Of a member that comes twice the last counts.</summary>
internal ref struct WebRocketRequest
{
    /// <summary>What stands between the quotes of its only member's name.</summary>
    public ReadOnlySpan<byte> Action { get; set; }

    /// <summary>That member's value, the whole object; empty where a boolean came instead.</summary>
    public ReadOnlySpan<byte> Arguments { get; set; }

    /// <summary>Members of the arguments, known or not.</summary>
    public int Members { get; set; }

    public JsonValue Event { get; set; }

    public JsonValue Channel { get; set; }

    public JsonValue Data { get; set; }

    public JsonValue Access { get; set; }

    public JsonValue Secret { get; set; }

    public JsonValue User { get; set; }

    public JsonValue Client { get; set; }

    public readonly bool Is(ReadOnlySpan<byte> action) => JsonText.Equals(Action, action);
}
