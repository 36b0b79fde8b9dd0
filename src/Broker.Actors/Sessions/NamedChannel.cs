using Broker.Actors.Rights;
using Broker.Messages;

namespace Broker.Actors.Sessions;

/// <summary>A channel's name with what a session looks up of it each time, found once.</summary>
/// <param name="Rules">Null when the app does not exist.</param>
/// <param name="IsTooLong">True when no channel may have this name.</param>
internal sealed record NamedChannel(ChannelName Name, Namespace? Rules, bool IsTooLong);
