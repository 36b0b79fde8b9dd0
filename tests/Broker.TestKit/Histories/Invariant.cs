namespace Broker.TestKit.Histories;

/// <summary>What the cluster's protocol promises, by its numbers there.</summary>
public enum Invariant
{
    /// <summary>Once nothing is broken any more, everything works: emits are taken, and every question has its answer.</summary>
    Whole = 0,

    /// <summary>I1: one incarnation orders per shard and term; terms grow.</summary>
    OneOrderer = 1,

    /// <summary>I2: who receives the same channel, epoch and offset receives the same event.</summary>
    SameEvent = 2,

    /// <summary>I3: a subscriber's offsets grow by one, or it was told.</summary>
    NoSilentGap = 3,

    /// <summary>I4: an acknowledged history event outlives any one crash while the shard has two holders.</summary>
    AcknowledgedStays = 4,

    /// <summary>I5: per session and channel, first in first out.</summary>
    InOrder = 5,

    /// <summary>I6: what is emitted again under its key is delivered once.</summary>
    Once = 6,

    /// <summary>I7: recovered means complete.</summary>
    RecoveredIsComplete = 7,

    /// <summary>I8: members equal the truth, and a coming or going is seen once.</summary>
    MembersAreTrue = 8,

    /// <summary>I9: a node that has bound itself to a term delivers nothing that a lower term ordered beside it.</summary>
    Fenced = 9,

    /// <summary>I10: every buffer has a bound.</summary>
    Bounded = 10,
}
