namespace Broker.Client.Http;

/// <summary>A channel's name and how many subscriptions it has.</summary>
public sealed record ChannelCount(string Channel, int Subscribers);
