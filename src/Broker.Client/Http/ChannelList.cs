namespace Broker.Client.Http;

/// <summary>Channels that have subscribers.</summary>
/// <param name="Channels">By name, as many as were asked for.</param>
/// <param name="Total">All that match.</param>
/// <param name="Partial">True when a node did not answer in time; its part is missing.</param>
public sealed record ChannelList(IReadOnlyList<ChannelCount> Channels, int Total, bool Partial);
