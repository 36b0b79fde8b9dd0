namespace Broker.Actors.Cluster;

/// <summary>Names one send to its bus, so that what comes back can be told apart. The sender chooses it.</summary>
public readonly record struct SendId(long Value);
