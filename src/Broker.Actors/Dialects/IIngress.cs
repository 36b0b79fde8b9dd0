using Broker.Actors.Queries;
using Broker.Messages;

namespace Broker.Actors.Dialects;

/// <summary>
/// What those can do who have no session: backends over HTTP. From any thread. Each emit is answered, by a refusal too;
/// emits that one caller awaits one after the other keep that order per channel.
/// </summary>
public interface IIngress
{
    /// <summary>Emits to every subscriber, as a backend.</summary>
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
}
