namespace Broker.Actors.Channels;

/// <summary>From which offset on the events of a stream belong to a term.</summary>
internal readonly record struct Boundary(long Term, long FirstOffset);
