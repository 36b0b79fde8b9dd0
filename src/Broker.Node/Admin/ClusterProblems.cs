using System.Diagnostics;
using Broker.Actors.Cluster;
using Broker.Actors.Dialects.Http;

namespace Broker.Node.Admin;

/// <summary>Why an operator's order was not carried out.</summary>
internal static class ClusterProblems
{
    public static ApiProblem UnknownNode { get; } = new(404, "unknown_node", "There is no such node in the cluster.");

    public static ApiProblem AmbiguousNode { get; } = new(409, "ambiguous_node", "More than one node is called that; give its id.");

    /// <summary>Null when it was carried out.</summary>
    public static ApiProblem? Of(OrderOutcome outcome) => outcome switch
    {
        OrderOutcome.Done => null,
        OrderOutcome.UnknownNode => UnknownNode,
        OrderOutcome.UnknownShard => new(404, "unknown_shard", "There is no such shard."),
        OrderOutcome.StillAlive => new(409, "still_alive", "The node still holds its lock: it lives, or stands still. Others take its shards when its lease ends."),
        OrderOutcome.NotOwner => new(409, "not_owner", "Another node owns the shard; it alone can give it away."),
        OrderOutcome.NotUp => new(409, "not_up", "The node takes no shards now."),
        OrderOutcome.NotTaken => new(409, "not_taken", "The node did not take the shard, or it was on its way elsewhere."),
        OrderOutcome.NoAuthority => new(503, "no_authority", "PostgreSQL does not answer; nothing was done."),
        OrderOutcome.Alone => new(409, "alone", "This node is not part of a cluster."),
        _ => throw new UnreachableException(),
    };
}
