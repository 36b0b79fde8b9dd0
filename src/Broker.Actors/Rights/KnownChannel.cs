using Broker.Messages;

namespace Broker.Actors.Rights;

/// <summary>A channel's name with what is looked up of it each time, found once.</summary>
/// <param name="Rules">Null where there can be no such channel.</param>
/// <param name="Refusal">Why there can be no such channel: its name, or its app.</param>
internal sealed record KnownChannel(ChannelName Name, Namespace? Rules, Refusal Refusal);
