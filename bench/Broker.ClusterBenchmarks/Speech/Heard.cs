namespace Broker.ClusterBenchmarks.Speech;

/// <summary>A message of a server, as far as a measurement cares.</summary>
/// <param name="Number">Of the publish that it is about; 0 where it is about none.</param>
internal readonly record struct Heard(HeardKind Kind, int Number);
