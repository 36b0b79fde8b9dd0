using Broker.Messages;

namespace Broker.Actors.Channels;

/// <summary>What a subscriber that comes back is told.</summary>
/// <param name="Recovered">True: <paramref name="Missed"/> is all that it missed, in order. False: that cannot be promised.</param>
internal readonly record struct Recovery(bool Recovered, ChannelEvent[] Missed)
{
    public static Recovery None { get; } = new(Recovered: false, []);
}
