namespace Broker.Actors.Dialects.JsonRpc;

/// <summary>An answer that a client is owed: a dialect gives it to the core as the call that it makes.</summary>
/// <param name="id">The request's id as it came.</param>
/// <param name="batch">The batch that it is a part of; null for none.</param>
internal class Reply(byte[] id, ReplyBatch? batch)
{
    public byte[] Id { get; } = id;

    public ReplyBatch? Batch { get; } = batch;

    /// <summary>The answer, while it waits for its turn; null while it is not known.</summary>
    public byte[]? Text { get; set; }
}
