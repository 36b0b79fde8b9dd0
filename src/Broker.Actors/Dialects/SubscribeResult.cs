using Broker.Actors.Rights;
using Broker.Messages;

namespace Broker.Actors.Dialects;

/// <summary>What became of a subscribe.</summary>
/// <param name="Position">Where the subscription begins: events after it come.</param>
/// <param name="Recovered">True when the subscriber gave a position and gets all that it missed since.</param>
/// <param name="ExpiresAtMs">When the subscription ends, since its proof does; <see cref="Identity.Never"/> for others.</param>
public readonly record struct SubscribeResult(Refusal Refusal, Position Position, bool Recovered, long ExpiresAtMs = Identity.Never);
