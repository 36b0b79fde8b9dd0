using Broker.Messages;

namespace Broker.Actors.Cluster;

/// <summary>Why an owner may be relieved of its shards. A node without a row has lost them anyway.</summary>
/// <param name="Queue">Where its lock was found free: its address as the claimant saw it; a node that has reconnected since is not relieved.</param>
/// <param name="MustBeExpired">True: only if its lease has ended by the authority's clock.</param>
public sealed record ClaimGround(Incarnation Owner, BusAddress? Queue, bool MustBeExpired);
