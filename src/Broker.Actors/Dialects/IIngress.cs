using Broker.Actors.Channels;
using Broker.Actors.Queries;
using Broker.Messages;

namespace Broker.Actors.Dialects;

/// <summary>How those who have no connection of their own emit and ask: backends over HTTP, the node itself. From any thread.</summary>
public interface IIngress
{
    /// <summary>
    /// Emits to a channel; completes when the event is as safe as its channel's class promises, or with
    /// <see cref="Refusal.Unavailable"/> at once when it cannot be taken now. It has a backend's rights: who may call is checked before.
    /// </summary>
    /// <param name="data">One JSON value in UTF-8; copied.</param>
    ValueTask<EmitResult> EmitAsync(ChannelName channel, string? name, ReadOnlyMemory<byte> data, IdempotencyKey? key = null);

    /// <summary>Asks all live nodes; completes within a second.</summary>
    Task<NodeAnswer> AskAsync(NodeQuery query);

    Task<HistoryPage> HistoryAsync(ChannelName channel, Position? since, int limit, bool backward);

    Task<PresencePage> PresenceAsync(ChannelName channel);
}
