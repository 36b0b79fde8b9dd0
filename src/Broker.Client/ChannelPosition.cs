namespace Broker.Client;

/// <summary>A place in a channel's stream: the last event that was seen.</summary>
/// <param name="Epoch">Which stream the offset belongs to. Opaque: hand it back, never look into it or compare it.</param>
/// <param name="Offset">The number of the event in its channel, from 1; 0 before the first.</param>
public readonly record struct ChannelPosition(string Epoch, long Offset);
