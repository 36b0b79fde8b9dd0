using Broker.Client.Protocol;

namespace Broker.Client;

/// <summary>An event has its place in the channel, and goes to every subscriber that is connected.</summary>
/// <param name="Position">Its place.</param>
/// <param name="Receivers">Subscriptions that it goes to, over all nodes and dialects.</param>
public sealed record Published(ChannelPosition Position, int Receivers)
{
    internal static Published Of(NativeResult.Published result) => new(new ChannelPosition(result.Epoch, result.Offset), result.Receivers);
}
