namespace Broker.Cli;

/// <summary>How <c>pbm</c> ends. Scripts rely on these numbers: they never change (docs/pbm.md).</summary>
internal enum ExitCode
{
    Ok = 0,

    /// <summary>The node refused what was asked, or the cluster is not healthy.</summary>
    Refused = 1,

    /// <summary>The command line makes no sense.</summary>
    Usage = 2,

    /// <summary>No node answers at the address, or it cannot answer now.</summary>
    Unreachable = 3,

    /// <summary>The token is missing or wrong, or the node has no operators' API.</summary>
    NotAllowed = 4,

    /// <summary>There is no such node or shard.</summary>
    NotFound = 5,

    /// <summary>What <c>--wait</c> waited for did not come in time.</summary>
    TimedOut = 6,

    /// <summary>The node's release cannot do it.</summary>
    NotBuilt = 7,
}
