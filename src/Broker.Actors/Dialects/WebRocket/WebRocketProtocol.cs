using Broker.Actors.Loops;

namespace Broker.Actors.Dialects.WebRocket;

/// <summary>One version of the protocol: its actions, its words and what sets it apart from the other. Keeps nothing.</summary>
internal abstract class WebRocketProtocol
{
    public static WebRocketProtocol Of(WebRocketVersion version) => version == WebRocketVersion.V1 ? WebRocketV1.Instance : WebRocketV2.Instance;

    /// <summary>The version of a client whose first message is this one: the second where it does not show.</summary>
    public static WebRocketProtocol OfFirst(scoped in WebRocketRequest first) =>
        Of(first.Is("auth"u8) || first.Is("publish"u8) ? WebRocketVersion.V1 : WebRocketVersion.V2);

    /// <summary>Carries a message out. Actions that the version does not have get no answer.</summary>
    public abstract void Receive(WebRocketSession session, scoped in WebRocketRequest request);

    /// <summary>The whole message.</summary>
    public abstract ReadOnlySpan<byte> Error(WebRocketError error);

    /// <param name="subject">The channel, user or client that it was about, as JSON.</param>
    /// <param name="client">The client's own token, where it is told.</param>
    public abstract void Success(PayloadWriter payload, WebRocketDeed deed, ReadOnlySpan<byte> subject, string? client);
}
