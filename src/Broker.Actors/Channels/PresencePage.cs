using Broker.Messages;

namespace Broker.Actors.Channels;

/// <summary>Who is present in a channel.</summary>
/// <param name="Connections">Connections of all members together.</param>
/// <param name="Subscribers">Subscriptions of the channel, with those that joined nobody.</param>
public sealed record PresencePage(Refusal Refusal, IReadOnlyList<Member> Members, int Connections, int Subscribers);
