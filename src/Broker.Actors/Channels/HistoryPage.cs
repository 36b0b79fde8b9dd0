using Broker.Messages;

namespace Broker.Actors.Channels;

/// <summary>Some events of a channel, in the asked direction, and where the channel stands.</summary>
public sealed record HistoryPage(Refusal Refusal, Position Position, IReadOnlyList<ChannelEvent> Events);
