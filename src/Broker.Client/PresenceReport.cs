namespace Broker.Client;

/// <summary>Who is in a channel.</summary>
/// <param name="Users">How many members there are.</param>
/// <param name="Connections">Those of all members.</param>
/// <param name="Subscribers">All subscriptions, also of clients that are not present.</param>
public sealed record PresenceReport(IReadOnlyList<Member> Members, int Users, int Connections, int Subscribers);
