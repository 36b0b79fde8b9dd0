using Broker.Actors.Loops;

namespace Broker.Actors.Dialects.JsonRpc;

/// <summary>The answers to one batch: they go out together, in the order of its requests.</summary>
/// <param name="place">The batch's own place among the connection's replies, where those keep an order.</param>
internal sealed class ReplyBatch(Reply? place)
{
    private readonly List<Reply> _replies = [];

    public Reply? Place { get; } = place;

    /// <summary>Answers not known yet, and one for the reading of the batch itself.</summary>
    public int Awaited { get; set; } = 1;

    public bool IsEmpty => _replies.Count == 0;

    public void Add(Reply reply) => _replies.Add(reply);

    public void Write(PayloadWriter payload)
    {
        payload.Write("["u8);
        for (var i = 0; i < _replies.Count; i++)
        {
            payload.Write(i == 0 ? [] : ","u8);
            payload.Write(_replies[i].Text);
        }

        payload.Write("]"u8);
    }
}
