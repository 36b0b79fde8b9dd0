namespace Broker.Actors.Dialects.JsonRpc;

/// <summary>Where the answer to the request in hand goes.</summary>
/// <param name="id">As it came; empty for a notification, which gets none.</param>
/// <param name="batch">The batch that the request came in; null for none.</param>
internal readonly ref struct ReplyTo(ReadOnlySpan<byte> id, ReplyBatch? batch)
{
    public ReadOnlySpan<byte> Id { get; } = id;

    public ReplyBatch? Batch { get; } = batch;

    public bool IsNobody => Id.IsEmpty;
}
