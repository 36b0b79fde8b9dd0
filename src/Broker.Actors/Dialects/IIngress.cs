using Broker.Actors.Channels;
using Broker.Actors.Queries;
using Broker.Messages;

namespace Broker.Actors.Dialects;

/// <summary>
/// What those can do who have no session: backends over HTTP, the node itself. From any thread. Each emit is answered, by
/// a refusal too; emits that one caller awaits one after the other keep that order per channel. Rights are the caller's
/// to check.
/// </summary>
public interface IIngress
{
    /// <summary>Emits to every subscriber, as a backend; <see cref="Refusal.Unavailable"/> at once when it cannot be taken now.</summary>
    /// <param name="name">The event's name; null where the dialect has none.</param>
    /// <param name="data">One JSON value in UTF-8; left alone until the answer.</param>
    /// <param name="key">Makes the emit repeatable; null for not.</param>
    ValueTask<EmitResult> EmitAsync(
        ChannelName channel,
        string? name,
        ReadOnlyMemory<byte> data,
        IdempotencyKey? key,
        CancellationToken cancellationToken);

    /// <summary>Asks all live nodes; answered within a second.</summary>
    Task<NodeAnswer> AskAsync(NodeQuery query, CancellationToken cancellationToken);

    Task<HistoryPage> HistoryAsync(ChannelName channel, Position? since, int limit, bool backward, CancellationToken cancellationToken);

    Task<PresencePage> PresenceAsync(ChannelName channel, CancellationToken cancellationToken);
}
