namespace Broker.TestKit.Histories;

/// <summary>What a history is checked against.</summary>
public sealed record HistoryRules
{
    /// <summary>What a channel's name says of its class.</summary>
    public Func<string, ChannelClass> ClassOf { get; init; } = _ => ChannelClass.History;

    /// <summary>Needed to tell which holders a channel had; null where histories say nothing of shards.</summary>
    public Func<string, int>? ShardOf { get; init; }

    public Promises Promises { get; init; } = Promises.All;

    /// <summary>True where events were so large that windows lose their beginnings.</summary>
    public bool WindowsAreCut { get; init; }

    /// <summary>Milliseconds after the end of faults from when on members must be the true ones.</summary>
    public long MembersSettleMs { get; init; } = 6_000;

    /// <summary>Milliseconds that the member of a lost connection surely stays: the grace, less what clocks and ways may take of it.</summary>
    public long SureGraceMs { get; init; } = 2_000;

    /// <summary>Milliseconds that a node may stand still and is surely not taken for dead.</summary>
    public long SureLeaseMs { get; init; } = 3_500;

    /// <summary>
    /// Milliseconds from when a node is cut off until it is ready again, of which its members surely do not leave: the grace of 3 s that a lost
    /// node has, less the second in which the others look who is there.
    /// </summary>
    public long SureCutMs { get; init; } = 2_000;

    /// <summary>Milliseconds within which an emit is answered once nothing is broken.</summary>
    public long AnswerMs { get; init; } = 1_000;

    public bool Has(Promises promise) => (Promises & promise) == promise;
}
