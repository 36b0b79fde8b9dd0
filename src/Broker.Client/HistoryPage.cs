using Broker.Client.Protocol;

namespace Broker.Client;

/// <summary>A part of a channel's history.</summary>
/// <param name="Position">Where the channel stands.</param>
/// <param name="Events">In the order that was asked for. None where the position to start from is not of this stream any more.</param>
public sealed record HistoryPage(ChannelPosition Position, IReadOnlyList<ChannelItem.Event> Events)
{
    internal static HistoryPage Of(NativeResult.Page page) => new(
        new ChannelPosition(page.Epoch, page.Offset),
        [.. page.Events.Select(past => new ChannelItem.Event(past.Event, past.Data, new ChannelPosition(past.Epoch, past.Offset)))]);
}
