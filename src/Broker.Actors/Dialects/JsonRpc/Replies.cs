using Broker.Actors.Sessions;

namespace Broker.Actors.Dialects.JsonRpc;

/// <summary>
/// Sends the answers of one connection. An answer that is known at once goes straight out; where the dialect keeps the
/// order of the requests, it waits behind those that are owed still.
/// </summary>
/// <param name="inOrder">True: answers come in the order of the requests.</param>
/// <param name="maxOwed">Answers that may be owed; one more closes the connection.</param>
internal sealed class Replies(ISessionContext session, bool inOrder, int maxOwed)
{
    private Queue<Reply>? _queue;
    private int _owed;

    /// <summary>True while an answer waits for one that is owed before it, or is owed itself.</summary>
    public bool HasWaiting => _queue is { Count: > 0 };

    /// <summary>Takes a place for an answer that is not known yet.</summary>
    public Reply Owe(scoped in ReplyTo to) => Owe(new Reply(to.Id.ToArray(), to.Batch));

    /// <inheritdoc cref="Owe(in ReplyTo)"/>
    public T Owe<T>(T reply)
        where T : Reply
    {
        if (++_owed > maxOwed)
        {
            session.Close(Disconnect.TooManyCalls);
        }

        if (reply.Batch is { } batch)
        {
            batch.Awaited++;
            batch.Add(reply);
        }
        else if (inOrder)
        {
            (_queue ??= new Queue<Reply>()).Enqueue(reply);
        }

        return reply;
    }

    /// <summary>Answers at once, or as soon as the answers before are known.</summary>
    public void Send(scoped in ReplyTo to, ReadOnlySpan<byte> text)
    {
        if (to.Batch is { } batch)
        {
            batch.Add(new Reply([], batch) { Text = text.ToArray() });
        }
        else if (_queue is { Count: > 0 })
        {
            _queue.Enqueue(new Reply([], batch: null) { Text = text.ToArray() });
            if (_queue.Count > maxOwed)
            {
                session.Close(Disconnect.TooManyCalls);
            }
        }
        else
        {
            session.Send(text);
        }
    }

    /// <summary>Gives the answer that was owed.</summary>
    /// <param name="text">Empty when there is nothing to say after all.</param>
    public void Settle(Reply reply, ReadOnlySpan<byte> text)
    {
        _owed--;
        if (reply.Batch is { } batch)
        {
            reply.Text = text.ToArray();
            Arrived(batch);
        }
        else if (_queue is null)
        {
            SendText(text);
        }
        else if (_queue.Peek() != reply)
        {
            reply.Text = text.ToArray();
        }
        else
        {
            _queue.Dequeue();
            SendText(text);
            SendKnown(_queue);
        }
    }

    public ReplyBatch BeginBatch() => new(inOrder ? Owe(default) : null);

    /// <summary>The batch has been read to its end.</summary>
    public void EndBatch(ReplyBatch batch) => Arrived(batch);

    private void Arrived(ReplyBatch batch)
    {
        if (--batch.Awaited > 0)
        {
            return;
        }

        var payload = session.Scratch();
        if (!batch.IsEmpty)
        {
            batch.Write(payload);
        }

        if (batch.Place is { } place)
        {
            Settle(place, payload.WrittenSpan);
        }
        else
        {
            SendText(payload.WrittenSpan);
        }
    }

    private void SendKnown(Queue<Reply> queue)
    {
        while (queue.TryPeek(out var next) && next.Text is { } known)
        {
            queue.Dequeue();
            SendText(known);
        }
    }

    private void SendText(ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty)
        {
            session.Send(text);
        }
    }
}
