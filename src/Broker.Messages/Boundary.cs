namespace Broker.Messages;

/// <summary>From which offset on the events of a stream belong to a term.</summary>
public readonly record struct Boundary(long Term, long FirstOffset);
