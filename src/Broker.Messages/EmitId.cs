namespace Broker.Messages;

/// <summary>Numbers the emits of one incarnation to one channel, from 1; 0 where nothing needs a number.</summary>
public readonly record struct EmitId(Incarnation Node, long Number);
