namespace Broker.Client;

/// <summary>What a subscription brings, in the order of the channel.</summary>
public abstract record ChannelItem
{
    private ChannelItem()
    {
    }

    /// <summary>Somebody published.</summary>
    /// <param name="Name">The event's name.</param>
    /// <param name="Data">The bytes that were published.</param>
    /// <param name="Position">Its place in the channel; hand it back as <see cref="SubscribeOptions.Since"/> to go on behind it.</param>
    public sealed record Event(string Name, JsonData Data, ChannelPosition Position) : ChannelItem;

    /// <summary>Said to all subscriptions of the app. It has no place in the channel and is not recovered.</summary>
    public sealed record Broadcast(JsonData Data) : ChannelItem;

    /// <summary>A member's first connection came. Only with <see cref="SubscribeOptions.IsPresent"/>; not recovered.</summary>
    /// <param name="Info">What others see of the member; <c>null</c> where there is nothing.</param>
    public sealed record Joined(string User, JsonData Info) : ChannelItem;

    /// <summary>A member's last connection went. Only with <see cref="SubscribeOptions.IsPresent"/>; not recovered.</summary>
    public sealed record Left(string User) : ChannelItem;

    /// <summary>
    /// The connection was lost and is back, and no event is missing: those of the time between follow. Who came and went meanwhile is
    /// not told: ask for it by <see cref="BrokerClient.PresenceAsync"/>.
    /// </summary>
    /// <param name="Since">What was seen last before.</param>
    public sealed record Resumed(ChannelPosition Since) : ChannelItem;

    /// <summary>Events may be missing here: read the state anew from wherever it is kept, or what the history still has.</summary>
    /// <param name="Reason">How it came.</param>
    /// <param name="Since">The position before: what is missing comes after it.</param>
    /// <param name="Position">The position behind: what follows comes after it.</param>
    /// <param name="Lost">How many items were left out; null where nobody knows.</param>
    public sealed record Gap(GapReason Reason, ChannelPosition Since, ChannelPosition Position, long? Lost) : ChannelItem;
}
