namespace Broker.Actors.Loops;

/// <summary>
/// A loop's queue of messages: many threads put, the loop takes, first in first out per sender. Bounded by its senders
/// (shard mailboxes, paused readers), not by itself, since an answer must never be refused.
/// </summary>
internal sealed class Inbox
{
    private readonly Lock _gate = new();
    private Letter[] _letters = new Letter[64];
    private int _count;
    private Letter[] _reading = new Letter[64];

    /// <summary>Puts a message; true when the inbox was empty, so that a sleeping loop needs a wake.</summary>
    public bool Put(Actor to, object message)
    {
        lock (_gate)
        {
            if (_count == _letters.Length)
            {
                Array.Resize(ref _letters, _count * 2);
            }

            _letters[_count++] = new Letter(to, message);
            return _count == 1;
        }
    }

    public int Count => Volatile.Read(ref _count);

    public bool IsEmpty => Count == 0;

    /// <summary>Takes all that is there. The span is valid until the next call.</summary>
    public Span<Letter> TakeAll()
    {
        lock (_gate)
        {
            (_letters, _reading) = (_reading, _letters);
            var taken = _reading.AsSpan(0, _count);
            _count = 0;
            return taken;
        }
    }

    internal readonly record struct Letter(Actor To, object Message);
}
