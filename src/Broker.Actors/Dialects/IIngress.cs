using Broker.Actors.Channels;
using Broker.Actors.Queries;
using Broker.Actors.Rights;
using Broker.Messages;

namespace Broker.Actors.Dialects;

/// <summary>
/// How those who have no connection of their own emit and ask: clients and backends over HTTP, the node itself. From any thread.
/// The caller's rights are checked here, as a session's are; who the caller is has been found out before.
/// </summary>
public interface IIngress
{
    /// <summary>
    /// Emits to a channel; completes when the event is as safe as its channel's class promises, or with
    /// <see cref="Refusal.Unavailable"/> at once when it cannot be taken now.
    /// </summary>
    /// <param name="data">One JSON value in UTF-8; copied.</param>
    /// <param name="key">The caller's idempotency key, 1 to <see cref="IdempotencyKey.MaxBytes"/> bytes, apart from other callers'; null for none.</param>
    ValueTask<EmitResult> EmitAsync(Identity caller, ChannelName channel, string? name, ReadOnlyMemory<byte> data, string? key = null);

    /// <summary>Asks all live nodes; completes within a second. For backends: others get <see cref="NodeAnswer.Refused"/>.</summary>
    Task<NodeAnswer> AskAsync(Identity caller, NodeQuery query);

    /// <param name="limit">Events at most; cut to the page's limit.</param>
    Task<HistoryPage> HistoryAsync(Identity caller, ChannelName channel, Position? since, int limit, bool backward);

    Task<PresencePage> PresenceAsync(Identity caller, ChannelName channel);
}
