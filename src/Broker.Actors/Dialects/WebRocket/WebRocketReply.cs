using Broker.Actors.Dialects.JsonRpc;

namespace Broker.Actors.Dialects.WebRocket;

/// <summary>An answer that a client is owed: given to the core as the call that it makes.</summary>
/// <param name="deed">What it tells of, where all goes well.</param>
/// <param name="subject">What it names: the channel, the user or the client, as JSON.</param>
internal sealed class WebRocketReply(WebRocketDeed deed, byte[] subject) : Reply(subject, batch: null)
{
    public WebRocketDeed Deed => deed;
}
