namespace Broker.TestKit.Campaigns;

/// <summary>Something that is done to a cluster at a time.</summary>
/// <param name="AtMs">Milliseconds since the episode began.</param>
/// <param name="What">For people.</param>
internal sealed record CampaignFault(long AtMs, string What, Func<Task> DoAsync);
