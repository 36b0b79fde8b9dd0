using Broker.Actors.Loops;

namespace Broker.Actors.Rooms;

/// <summary>
/// The subscriptions of a loop's room that share their bytes. Frames gather while messages come in; a run of them is then
/// written once into the loop's log and given by reference to one member after the other, in slices, so that one huge
/// room does not hold the loop.
/// </summary>
internal sealed class EncodingGroup(EncodingKey encoding)
{
    private readonly List<Subscription> _members = [];
    private readonly List<byte[]> _pending = [];
    private readonly List<int> _ends = [];
    private FrameSlice _run;
    private long _runStart;
    private long _nextFrame;
    private int _nextMember;
    private bool _isRunning;

    public EncodingKey Encoding => encoding;

    public int Count => _members.Count;

    public IReadOnlyList<Subscription> Members => _members;

    /// <summary>True while frames wait to be given to members.</summary>
    public bool HasWork => _pending.Count > 0 || _isRunning;

    public void Add(Subscription subscription)
    {
        subscription.Group = this;
        subscription.Index = _members.Count;
        subscription.FromFrame = _nextFrame;
        _members.Add(subscription);
    }

    public void Remove(Subscription subscription)
    {
        var hole = subscription.Index;
        subscription.Group = null;
        if (hole < _nextMember)
        {
            // Members before the mark have their run: one of them fills the hole, so that nobody is passed over.
            _nextMember--;
            Move(_nextMember, hole);
            hole = _nextMember;
        }

        Move(_members.Count - 1, hole);
        _members.RemoveAt(_members.Count - 1);
    }

    /// <summary>Queues one frame for every member but <paramref name="except"/>.</summary>
    public void Add(byte[] frame, Subscription? except)
    {
        if (except is not null && except.Group == this)
        {
            (except.Excepts ??= []).Add(_nextFrame);
        }

        _pending.Add(frame);
        _nextFrame++;
    }

    /// <summary>Gives the pending frames to at most <paramref name="slice"/> members; true when all have theirs.</summary>
    public bool FanOut(LoopLog log, int slice)
    {
        if (!_isRunning)
        {
            StartRun(log, slice);
        }

        var end = Math.Min(_nextMember + slice, _members.Count);
        var runEnd = _runStart + _ends.Count;
        while (_nextMember < Math.Min(end, _members.Count))
        {
            // Counted as served before it is: a member that is closed as slow leaves at once, and Remove keeps the mark right.
            var member = _members[_nextMember++];
            if (member.Excepts is null && member.FromFrame <= _runStart)
            {
                member.Session.Deliver(_run);
            }
            else
            {
                DeliverPartly(member, runEnd);
            }
        }

        if (_nextMember < _members.Count)
        {
            return false;
        }

        _isRunning = false;
        _run = default;
        _nextMember = 0;
        return _pending.Count == 0;
    }

    /// <summary>Gives one member what waits for it now, out of its turn; its turn will pass it over.</summary>
    public void CatchUp(Subscription member, LoopLog log)
    {
        if (_isRunning && member.Index >= _nextMember)
        {
            DeliverPartly(member, _runStart + _ends.Count);
        }

        var frame = _nextFrame - _pending.Count;
        foreach (var pending in _pending)
        {
            if (member.Group == this && frame >= member.FromFrame && member.Excepts?.Contains(frame) != true)
            {
                member.Session.Deliver(log.Append(pending));
            }

            frame++;
        }

        member.FromFrame = _nextFrame;
        member.Excepts = null;
    }

    private void StartRun(LoopLog log, int slice)
    {
        _runStart = _nextFrame - _pending.Count;
        _ends.Clear();
        var size = 0;
        foreach (var frame in _pending)
        {
            size += frame.Length;
            _ends.Add(size);
        }

        // A run that takes several ticks needs bytes that outlive this one.
        var owned = _members.Count > slice ? GC.AllocateUninitializedArray<byte>(size, pinned: true) : null;
        var destination = owned ?? log.Reserve(size);
        var at = 0;
        foreach (var frame in _pending)
        {
            frame.CopyTo(destination[at..]);
            at += frame.Length;
        }

        _run = owned is null ? log.Commit(size) : new FrameSlice(owned, 0, size);
        _pending.Clear();
        _nextMember = 0;
        _isRunning = true;
    }

    private void DeliverPartly(Subscription member, long runEnd)
    {
        for (var frame = Math.Max(member.FromFrame, _runStart); frame < runEnd && member.Group == this; frame++)
        {
            if (member.Excepts is null || !member.Excepts.Contains(frame))
            {
                var index = (int)(frame - _runStart);
                var start = index == 0 ? 0 : _ends[index - 1];
                member.Session.Deliver(new FrameSlice(_run.Buffer, _run.Start + start, _ends[index] - start));
            }
        }

        if (member.Excepts is { } excepts)
        {
            excepts.RemoveAll(frame => frame < runEnd);
            member.Excepts = excepts.Count > 0 ? excepts : null;
        }
    }

    private void Move(int from, int to)
    {
        if (from != to)
        {
            _members[to] = _members[from];
            _members[to].Index = to;
        }
    }
}
