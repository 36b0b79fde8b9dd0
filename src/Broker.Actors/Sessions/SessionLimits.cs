namespace Broker.Actors.Sessions;

/// <summary>What one session may do, as values; the settings of <c>Broker:Limits</c> and <c>Broker:Sessions</c>.</summary>
public sealed record SessionLimits
{
    /// <summary>Channels that a session may subscribe to.</summary>
    public int Subscriptions { get; init; } = 1_000;

    /// <summary>Events that a session may publish in a second, and at once; 0 for any number.</summary>
    public int PublishesPerSecond { get; init; }

    /// <summary>
    /// Calls that may wait for their answer before the session reads no more, until half of them have it: as many as have room in half an
    /// outbox. What asks for many events at once, history for one, counts as that many by itself.
    /// </summary>
    public int CallsUnderWay { get; init; } = CallsFor(1 << 20);

    /// <summary>Bytes of a channel's name in UTF-8.</summary>
    public int ChannelNameBytes { get; init; } = 255;

    /// <summary>Characters of an event's name.</summary>
    public int EventNameLength { get; init; } = 128;

    /// <summary>Bytes of a member's info.</summary>
    public int InfoBytes { get; init; } = 4_096;

    /// <summary>Events of one history answer.</summary>
    public int HistoryPage { get; init; } = 1_000;

    /// <summary>Milliseconds of silence after which the client is asked for a sign of life.</summary>
    public long PingAfterMs { get; init; } = 25_000;

    /// <summary>Milliseconds within which it must give one.</summary>
    public long PongWithinMs { get; init; } = 20_000;

    /// <summary>Milliseconds before a client's token expires at which it is told.</summary>
    public long ExpiryNoticeMs { get; init; } = 30_000;

    /// <summary>Milliseconds that an emit may wait for its shard before it is told unavailable.</summary>
    public long ParkMs { get; init; } = 3_000;

    /// <summary>Calls whose answers have room in half an outbox of this size, an answer being some 100 bytes and the client's id.</summary>
    public static int CallsFor(int outboxBytes) => Math.Max(outboxBytes / 512, 16);
}
