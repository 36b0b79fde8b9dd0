namespace Broker.Messages;

/// <summary>A place in a channel's stream: the last event that somebody has seen.</summary>
/// <param name="Epoch">The stream's life and the term of the event at <paramref name="Offset"/>.</param>
/// <param name="Offset">Numbers the events of a stream from 1; 0 is before the first.</param>
public readonly record struct Position(Epoch Epoch, long Offset);
