using Broker.Actors.Tracing;

namespace Broker.Actors.Channels;

/// <summary>What an event came from, for metrics and traces. Nothing is decided by it, and it is never stored.</summary>
/// <param name="ReceivedAt">When this node read the emit, by the clock of its loops; 0 when another node did.</param>
/// <param name="Trace">The span that it belongs to; null for none.</param>
internal readonly record struct Cause(long ReceivedAt, TraceLink? Trace);
