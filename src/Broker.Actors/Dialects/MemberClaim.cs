namespace Broker.Actors.Dialects;

/// <summary>Who wants to be present.</summary>
/// <param name="Info">One JSON value in UTF-8, kept as long as the member; empty for none.</param>
public sealed record MemberClaim(string UserId, ReadOnlyMemory<byte> Info);
