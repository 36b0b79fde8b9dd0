using Broker.Messages;

namespace Broker.Actors.Dialects;

/// <summary>How a session subscribes.</summary>
/// <param name="Version">Comes back in <see cref="IDialect"/>'s Encode for this subscription.</param>
/// <param name="Since">The last event that the client has seen; null for none.</param>
/// <param name="Member">Makes the subscriber present in the channel; null for not.</param>
/// <param name="Proven">True when the client brought a valid proof for this very channel.</param>
public readonly record struct SubscribeRequest(
    int Version,
    Position? Since = null,
    MemberClaim? Member = null,
    bool Proven = false);
