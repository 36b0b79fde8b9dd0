namespace Broker.Client.Http;

/// <summary>How many were closed or ended.</summary>
/// <param name="Count">Sessions, or subscriptions.</param>
/// <param name="IsPartial">True when a node did not answer in time: ask again.</param>
public readonly record struct SentAway(int Count, bool IsPartial);
