using Broker.Actors.Rights;
using Broker.Messages;

namespace Broker.Actors.Dialects;

/// <summary>How a session subscribes.</summary>
/// <param name="Version">Comes back in <see cref="IDialect"/>'s Encode for this subscription.</param>
/// <param name="Since">The last event that the client has seen; null for none.</param>
/// <param name="Member">Makes the subscriber present in the channel; null for not.</param>
/// <param name="Proven">True when the client brought a valid proof for this very channel. It holds for the channel's other commands too, as long as the subscription.</param>
/// <param name="ProvenUntilMs">Milliseconds since 1970 from when on the proof is none, and the subscription ends.</param>
public readonly record struct SubscribeRequest(
    int Version,
    Position? Since = null,
    MemberClaim? Member = null,
    bool Proven = false,
    long ProvenUntilMs = Identity.Never);
