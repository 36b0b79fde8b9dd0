namespace Broker.Actors.Shards;

/// <summary>Bounds of a shard, as values.</summary>
public sealed record ShardOptions
{
    /// <summary>Emits from other loops that may wait in front of a shard.</summary>
    public int MailboxEmits { get; init; } = 1_024;

    /// <summary>Bytes of their data.</summary>
    public int MailboxBytes { get; init; } = 4 << 20;

    /// <summary>Channels of which it is known yet that they were there, once they are forgotten themselves; the oldest go first.</summary>
    public int RememberedChannels { get; init; } = 4_096;

    /// <summary>Members that a room is told as a list whatever it knows; of more it is told digests first, and asks for those that it lacks.</summary>
    public int MembersToldWhole { get; init; } = 500;

    /// <summary>Milliseconds that a lost connection's member stays.</summary>
    public long PresenceGraceMs { get; init; } = 3_000;

    /// <summary>Milliseconds that a node keeps a room after its last subscriber.</summary>
    public long RoomLingerMs { get; init; } = 5_000;
}
