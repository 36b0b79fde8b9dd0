namespace Broker.Client;

/// <summary>How a channel is subscribed to.</summary>
public sealed class SubscribeOptions
{
    /// <summary>The last position that was seen, for instance before a restart: what was missed since then is wanted. Null: begin with what is new.</summary>
    public ChannelPosition? Since { get; init; }

    /// <summary>Makes the client's user present in the channel, and brings <see cref="ChannelItem.Joined"/> and <see cref="ChannelItem.Left"/>. Default false.</summary>
    public bool IsPresent { get; init; }

    /// <summary>What others see of the member; 4,096 bytes by the broker's default. Needs <see cref="IsPresent"/>.</summary>
    public JsonData? Info { get; init; }

    /// <summary>
    /// Gets a token for the channel, which is its argument; asked before each subscribe, and before one expires. What it throws counts as
    /// a failed attempt, which is repeated. Null: the channel asks for none.
    /// </summary>
    public Func<string, CancellationToken, ValueTask<string>>? TokenProvider { get; init; }

    /// <summary>
    /// Items that may wait for the reader, 1 to 1,000,000; null for <see cref="BrokerClientOptions.BufferedItems"/>. When one more comes the oldest is
    /// left out, and the reader gets a <see cref="ChannelItem.Gap"/> in its place.
    /// </summary>
    public int? BufferedItems { get; init; }

    internal void Validate()
    {
        Check.Between(BufferedItems ?? 1, 1, BrokerClientOptions.MaxBufferedItems, nameof(BufferedItems));
        Check.That(Info is null || IsPresent, $"It is of a member: set {nameof(IsPresent)} too.", nameof(Info));
    }
}
