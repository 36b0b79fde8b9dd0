using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Cluster;

/// <summary>
/// One side of the small reliable link between two incarnations: what goes out is numbered and kept until it is
/// acknowledged, what comes in is taken once and in order. When more is unacknowledged than may be, or the peer has
/// forgotten the link, it is reset: its generation grows, what it held is dropped, and until the peer answers under the
/// new one it takes nothing. Pure: no clock, no bus.
/// </summary>
internal sealed class Link(Incarnation self, Incarnation peer, long firstGeneration, LinkLimits limits, ProtocolRules? rules = null)
{
    private readonly ProtocolRules _rules = rules ?? ProtocolRules.All;
    private readonly Queue<LinkRun> _sent = [];
    private Queue<LinkRun> _unsent = [];

    // What goes out
    private long _generation = firstGeneration;
    private long _lastNumber;
    private long _lastSent;
    private long _acknowledged;
    private long _acknowledgedInThisLife;
    private bool _isConfirmed;
    private bool _isBroken;
    private bool _announces = true;
    private long _announcedAtMs = long.MinValue / 2;
    private long _waitsSinceMs = -1;

    // What comes in
    private long _peerGeneration;
    private long _received;
    private long _told;
    private bool _owesWord;
    private bool _owesAck;
    private long _owesSinceMs;
    private int _owedBytes;
    private bool _reportsGap;
    private long _gapReportedAtMs = long.MinValue / 2;

    public Incarnation Peer => peer;

    public long Generation => _generation;

    /// <summary>Bytes that the peer has not acknowledged.</summary>
    public long UnacknowledgedBytes { get; private set; }

    /// <summary>True: the last number is announced even when nothing is open, so that the peer's end is noticed.</summary>
    public bool IsWatched { get; set; }

    /// <summary>True since it was reset and until the peer has answered: items are dropped.</summary>
    public bool IsBroken => _isBroken;

    public long Resets { get; private set; }

    /// <summary>True: what has come is not acknowledged yet, since much of it has not been handled; the peer sends no more than it may have open.</summary>
    public bool HoldsAcks { get; set; }

    private bool HasOpen => UnacknowledgedBytes > 0 || !_isConfirmed;

    /// <summary>True when the peer owes an answer for too long.</summary>
    public bool IsSilent(long nowMs) => HasOpen && _waitsSinceMs >= 0 && nowMs - _waitsSinceMs >= limits.SilentMs;

    /// <summary>Takes whole items, which the link then owns. False: dropped, for the link is broken, maybe by this.</summary>
    public bool Send(ReadOnlyMemory<byte> items, int count, long nowMs)
    {
        if (_isBroken)
        {
            return false;
        }

        if (UnacknowledgedBytes + items.Length > limits.BufferBytes)
        {
            Reset();
            return false;
        }

        if (!HasOpen || _waitsSinceMs < 0)
        {
            _waitsSinceMs = nowMs;
        }

        _unsent.Enqueue(new LinkRun(items, _lastNumber + 1, count));
        _lastNumber += count;
        UnacknowledgedBytes += items.Length;
        return true;
    }

    /// <summary>Takes a batch of the peer; what is new in it is added to <paramref name="taken"/>, as ranges of <paramref name="items"/>.</summary>
    /// <exception cref="InvalidDataException">The items are garbage; none was taken.</exception>
    public LinkNews Receive(in LinkHeader header, ReadOnlySpan<byte> items, long nowMs, List<Range> taken)
    {
        if (header.Generation < _peerGeneration)
        {
            return LinkNews.None;   // from before a reset
        }

        var news = LinkNews.None;
        _waitsSinceMs = nowMs;
        if (header.Generation > _peerGeneration)
        {
            news = _peerGeneration == 0 ? LinkNews.None : LinkNews.PeerReset;
            _peerGeneration = header.Generation;
            _received = 0;
            _told = 0;
            _acknowledgedInThisLife = 0;
            _owesWord = true;   // the peer waits for it
        }

        news |= TakeAck(header);
        TakeItems(header, items, taken);
        if (!items.IsEmpty)
        {
            OweAck(nowMs, items.Length);
        }

        _owesWord |= header.WantsAck;

        var hasGap = header.Last > _received;
        if (hasGap && nowMs - _gapReportedAtMs >= limits.GapMs)
        {
            _reportsGap = true;
            _gapReportedAtMs = nowMs;
        }

        return news;
    }

    /// <summary>Writes the next batch that is due; false when there is none. The caller sends it or calls <see cref="SendAgain"/>.</summary>
    public bool TryWrite(WireWriter batch, long nowMs)
    {
        if (HasOpen || IsWatched)
        {
            _announces |= nowMs - _announcedAtMs >= limits.AnnounceMs && _unsent.Count == 0;
        }

        if (_unsent.Count == 0 && !_announces && !IsAckDue(nowMs))
        {
            return false;
        }

        var first = _unsent.TryPeek(out var next) ? next.First : _lastSent + 1;
        var runs = RunsOfNextBatch(out var last);
        _told = HoldsAcks && !_reportsGap ? _told : _received;   // a gap is reported where it is
        new LinkHeader(self, peer, _generation, first, last, _peerGeneration, _told, _reportsGap, _announces).Write(batch);
        for (; runs > 0; runs--)
        {
            var run = _unsent.Dequeue();
            batch.Raw(run.Items.Span);
            _sent.Enqueue(run);
            _announcedAtMs = nowMs;
        }

        if (_announces)
        {
            _announcedAtMs = nowMs;
            _waitsSinceMs = _waitsSinceMs < 0 ? nowMs : _waitsSinceMs;
        }

        _lastSent = last;
        _announces = false;
        _owesWord = false;
        _owesAck = _told < _received;
        _owedBytes = _owesAck ? _owedBytes : 0;
        _reportsGap = false;
        return true;
    }

    /// <summary>What is unacknowledged goes out again: the bus has reconnected, or did not take a batch.</summary>
    public void SendAgain()
    {
        if (_sent.Count > 0 && _rules.LinksSendAgain)
        {
            _unsent = new Queue<LinkRun>(_sent.Concat(_unsent));
            _sent.Clear();
        }

        _lastSent = _acknowledged;
        _announces = true;
    }

    private LinkNews TakeAck(in LinkHeader header)
    {
        if (header.AckGeneration != _generation || header.AckNumber > _lastNumber)
        {
            return LinkNews.None;
        }

        var wasBroken = _isBroken;
        _isConfirmed = true;
        _isBroken = false;
        var isStale = header.AckNumber < _acknowledgedInThisLife;
        if (header.HasGap && !isStale && header.AckNumber < _acknowledged)
        {
            Reset();   // the peer has forgotten what it had acknowledged
            return LinkNews.None;
        }

        _acknowledgedInThisLife = Math.Max(_acknowledgedInThisLife, header.AckNumber);
        _acknowledged = Math.Max(_acknowledged, header.AckNumber);
        Drop(_sent);
        if (_sent.Count == 0)
        {
            Drop(_unsent);
        }

        if (header.HasGap && !isStale)
        {
            SendAgain();
            _announces = _unsent.Count == 0;
        }

        return wasBroken ? LinkNews.Opened : LinkNews.None;
    }

    private void Drop(Queue<LinkRun> runs)
    {
        while (runs.TryPeek(out var run) && run.Last <= _acknowledged)
        {
            UnacknowledgedBytes -= run.Items.Length;
            runs.Dequeue();
        }
    }

    private void TakeItems(in LinkHeader header, ReadOnlySpan<byte> items, List<Range> taken)
    {
        if (header.First > _received + 1 && _rules.LinksCheckGaps)
        {
            return;   // a gap before it: it comes again
        }

        var before = taken.Count;
        var number = header.First;
        try
        {
            for (var at = 0; at < items.Length; number++)
            {
                var (size, _) = NodeItemCodec.Peek(items[at..]);
                if (number > _received || !_rules.LinksDropRepeats)
                {
                    taken.Add(at..(at + size));
                }

                at += size;
            }
        }
        catch (InvalidDataException)
        {
            taken.RemoveRange(before, taken.Count - before);
            throw;
        }

        _received = Math.Max(_received, number - 1);
    }

    private void Reset()
    {
        _generation++;
        _lastNumber = 0;
        _lastSent = 0;
        _acknowledged = 0;
        _acknowledgedInThisLife = 0;
        _isConfirmed = false;
        _isBroken = true;
        _announces = true;
        _sent.Clear();
        _unsent.Clear();
        UnacknowledgedBytes = 0;
        Resets++;
    }

    private void OweAck(long nowMs, int bytes)
    {
        if (!_owesAck)
        {
            _owesAck = true;
            _owesSinceMs = nowMs;
        }

        _owedBytes += bytes;
    }

    private bool IsAckDue(long nowMs) =>
        _reportsGap || _owesWord || (_owesAck && !HoldsAcks && (_owedBytes >= limits.AckBytes || nowMs - _owesSinceMs >= limits.AckMs));

    private int RunsOfNextBatch(out long last)
    {
        last = _lastSent;
        var (runs, bytes) = (0, 0);
        foreach (var run in _unsent)
        {
            if (bytes > 0 && bytes + run.Items.Length > limits.BatchBytes)
            {
                break;
            }

            bytes += run.Items.Length;
            last = run.Last;
            runs++;
        }

        return runs;
    }
}
