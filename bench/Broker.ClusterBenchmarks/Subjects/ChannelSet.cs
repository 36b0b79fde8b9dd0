namespace Broker.ClusterBenchmarks.Subjects;

/// <summary>Channels that are alike.</summary>
/// <param name="Name">With its subject's: a line of the output.</param>
internal sealed record ChannelSet(string Name, string[] Channels);
