namespace Broker.Transport.Pipes;

/// <summary>
/// Connections whose request has not come whole yet. With one more than there may be, the one that waited longest ends; but one
/// that nobody has looked at yet, since there is so much to do, only after a second: its request may be there. Any thread.
/// </summary>
/// <param name="max">How many there may be.</param>
internal sealed class OpenHandshakes(int max, TimeProvider time)
{
    private static readonly TimeSpan UnreadFor = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();

    /// <summary>By when they began.</summary>
    private readonly LinkedList<Handshake> _unread = [];

    /// <summary>By when they were first looked at.</summary>
    private readonly LinkedList<Handshake> _halves = [];

    /// <summary>A handshake begins; what is returned is disposed of at its end.</summary>
    /// <param name="end">Ends it before its time; called at most once, from any thread.</param>
    public Handshake Begin(Action end)
    {
        var handshake = new Handshake(this, end, time.GetTimestamp());
        Handshake? last = null;
        lock (_gate)
        {
            _unread.AddLast(handshake.Node);
            if (_unread.Count + _halves.Count > max)
            {
                last = Longest();
                Remove(last);
            }
        }

        last?.End();
        return handshake;
    }

    private Handshake Longest()
    {
        if (_halves.First is not { Value: var half })
        {
            return _unread.First!.Value;
        }

        return _unread.First is { Value: var unread } && unread.BeganAt <= half.BeganAt && time.GetElapsedTime(unread.BeganAt) >= UnreadFor ? unread : half;
    }

    private void Half(Handshake handshake)
    {
        lock (_gate)
        {
            if (handshake.Node.List == _unread)
            {
                _unread.Remove(handshake.Node);
                _halves.AddLast(handshake.Node);
            }
        }
    }

    private void Over(Handshake handshake)
    {
        lock (_gate)
        {
            Remove(handshake);
        }
    }

    private static void Remove(Handshake handshake) => handshake.Node.List?.Remove(handshake.Node);

    internal sealed class Handshake : IDisposable
    {
        private readonly OpenHandshakes _all;
        private readonly Action _end;

        public Handshake(OpenHandshakes all, Action end, long beganAt)
        {
            (_all, _end, BeganAt) = (all, end, beganAt);
            Node = new LinkedListNode<Handshake>(this);
        }

        public long BeganAt { get; }

        /// <summary>Its place among those that are open; in no list once it has ended.</summary>
        public LinkedListNode<Handshake> Node { get; }

        /// <summary>What has come of it was looked at, and is not all.</summary>
        public void LookedAt() => _all.Half(this);

        public void End() => _end();

        public void Dispose() => _all.Over(this);
    }
}
