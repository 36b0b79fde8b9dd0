using System.Runtime.InteropServices;
using Broker.Actors.Loops;
using Broker.Messages;

namespace Broker.Actors.Rooms;

/// <summary>
/// The subscriptions of a loop's room that share their bytes. Frames gather while messages come in; a run of them is then
/// given by reference to one member after the other, as one range of bytes, in slices, so that one huge room does not
/// hold the loop.
/// </summary>
internal sealed class EncodingGroup(EncodingKey encoding)
{
    /// <summary>Up to so many members get the frames as they lie: to write them together once more would not pay.</summary>
    private const int FewMembers = 2;

    private readonly List<Subscription> _members = [];
    private readonly List<Pending> _pending = [];
    private readonly List<RunPart> _parts = [];
    private FrameSlice _run;
    private long _runStart;
    private long _nextFrame;
    private int _nextMember;
    private bool _isRunning;

    public EncodingKey Encoding => encoding;

    public int Count => _members.Count;

    public IReadOnlyList<Subscription> Members => _members;

    /// <summary>Bytes that each member is given next.</summary>
    public int PendingBytes { get; private set; }

    /// <summary>True while frames wait to be given to members.</summary>
    public bool HasWork => _pending.Count > 0 || _isRunning;

    public void Add(Subscription subscription)
    {
        subscription.Group = this;
        subscription.Index = _members.Count;
        subscription.FromFrame = _nextFrame;
        subscription.LastExcept = -1;
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

    public Subscription? Find(SessionId session)
    {
        foreach (var member in _members)
        {
            if (member.Session.Id == session)
            {
                return member;
            }
        }

        return null;
    }

    /// <summary>Queues one frame for every member but <paramref name="except"/>.</summary>
    /// <param name="frame">Valid until the tick ends; the fan-out is due before that.</param>
    public void Add(in FrameSlice frame, Subscription? except)
    {
        if (except is not null && except.Group == this)
        {
            except.LastExcept = _nextFrame;
        }

        // While a run takes several ticks, what comes waits for more than this one.
        _pending.Add(new Pending(_isRunning ? frame.Owned() : frame, except));
        PendingBytes += frame.Length;
        _nextFrame++;
    }

    /// <summary>Gives the pending frames to at most <paramref name="slice"/> members; true when all have theirs.</summary>
    public bool FanOut(LoopLog log, int slice)
    {
        if (!_isRunning)
        {
            if (_members.Count <= Math.Min(FewMembers, slice))
            {
                FanOutAsTheyLie();
                return true;
            }

            StartRun(log, slice);
        }

        var end = Math.Min(_nextMember + slice, _members.Count);
        var runEnd = _runStart + _parts.Count;
        while (_nextMember < Math.Min(end, _members.Count))
        {
            // Counted as served before it is: a member that is closed as slow leaves at once, and Remove keeps the mark right.
            var member = _members[_nextMember++];
            if (member.LastExcept < _runStart && member.FromFrame <= _runStart)
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
        _parts.Clear();
        _nextMember = 0;
        return _pending.Count == 0;
    }

    /// <summary>Gives one member what waits for it now, out of its turn; its turn will pass it over.</summary>
    public void CatchUp(Subscription member)
    {
        if (_isRunning && member.Index >= _nextMember)
        {
            DeliverPartly(member, _runStart + _parts.Count);
        }

        DeliverPending(member);
        member.FromFrame = _nextFrame;
    }

    private void FanOutAsTheyLie()
    {
        // From the last one down: a member that leaves meanwhile is replaced by one that has been served.
        for (var index = _members.Count - 1; index >= 0; index--)
        {
            if (index < _members.Count)
            {
                DeliverPending(_members[index]);
            }
        }

        ClearPending();
    }

    private void DeliverPending(Subscription member)
    {
        var frame = _nextFrame - _pending.Count;
        foreach (ref readonly var pending in CollectionsMarshal.AsSpan(_pending))
        {
            if (frame++ >= member.FromFrame && pending.Except != member && member.Group == this)
            {
                member.Session.Deliver(pending.Frame);
            }
        }
    }

    private void StartRun(LoopLog log, int slice)
    {
        _runStart = _nextFrame - _pending.Count;
        var size = 0;
        var isOneRange = true;
        for (var i = 0; i < _pending.Count; i++)
        {
            size += _pending[i].Frame.Length;
            isOneRange = isOneRange && (i == 0 || _pending[i - 1].Frame.Touches(_pending[i].Frame));
            _parts.Add(new RunPart(size, _pending[i].Except));
        }

        // A run that takes several ticks needs bytes that outlive this one.
        _run = _members.Count > slice ? WriteRun(GC.AllocateUninitializedArray<byte>(size, pinned: true), size)
            : isOneRange ? _pending[0].Frame with { Length = size }
            : WriteRun(log, size);
        ClearPending();
        _nextMember = 0;
        _isRunning = true;
    }

    private void ClearPending()
    {
        _pending.Clear();
        PendingBytes = 0;
    }

    private FrameSlice WriteRun(LoopLog log, int size)
    {
        WriteRun(log.Reserve(size));
        return log.Commit(size);
    }

    private FrameSlice WriteRun(byte[] owned, int size)
    {
        WriteRun(owned);
        return new FrameSlice(owned, 0, size);
    }

    private void WriteRun(Span<byte> destination)
    {
        foreach (ref readonly var pending in CollectionsMarshal.AsSpan(_pending))
        {
            pending.Frame.Span.CopyTo(destination);
            destination = destination[pending.Frame.Length..];
        }
    }

    private void DeliverPartly(Subscription member, long runEnd)
    {
        for (var frame = Math.Max(member.FromFrame, _runStart); frame < runEnd && member.Group == this; frame++)
        {
            var index = (int)(frame - _runStart);
            if (_parts[index].Except != member)
            {
                var start = index == 0 ? 0 : _parts[index - 1].End;
                member.Session.Deliver(new FrameSlice(_run.Buffer, _run.Start + start, _parts[index].End - start));
            }
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

    /// <summary>A frame that waits for the next run.</summary>
    private readonly record struct Pending(FrameSlice Frame, Subscription? Except);

    /// <summary>A frame of the run.</summary>
    /// <param name="End">Where it ends in the run's bytes.</param>
    private readonly record struct RunPart(int End, Subscription? Except);
}
