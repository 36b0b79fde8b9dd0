using System.Diagnostics;
using Broker.Actors;
using Broker.Actors.Metrics;

namespace Broker.Storage.PostgreSql;

/// <summary>What an authority counts. Read by metrics; never reset.</summary>
public sealed class AuthorityCounters
{
    private readonly Lock _gate = new();

    /// <summary>Leases extended.</summary>
    public Counter Renewals { get; } = new();

    /// <summary>How long those took, the failed ones not among them.</summary>
    public DurationHistogram RenewalDuration { get; } = new(Stopwatch.Frequency);

    /// <summary>Questions and commands without an answer: refused by PostgreSQL, not reached, in doubt.</summary>
    public Counter Failures { get; } = new();

    /// <summary>Of the failures, those that may have happened all the same.</summary>
    public Counter Doubts { get; } = new();

    /// <summary>Shards taken.</summary>
    public Counter ShardsClaimed { get; } = new();

    /// <summary>How often the node's lock was lost with its connection.</summary>
    public Counter LocksLost { get; } = new();

    internal void Renewed(long startedAt)
    {
        Renewals.Add(1);
        lock (_gate)
        {
            RenewalDuration.Record(Stopwatch.GetTimestamp() - startedAt, 1);
        }
    }
}
