using Broker.Messages;

namespace Broker.Actors.Cluster;

/// <summary>Why an owner may be relieved of its shards. A node without a row has lost them anyway.</summary>
/// <param name="Queue">Its address as the claimant saw it: a node that has reconnected since is not relieved.</param>
/// <param name="MustBeExpired">True: only if its lease has ended too. False where its lock was found free.</param>
public sealed record ClaimGround(Incarnation Owner, BusAddress? Queue, bool MustBeExpired);
