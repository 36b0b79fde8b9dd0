namespace Broker.Actors.Loops;

/// <summary>
/// Timers of one loop, coarse (<see cref="StepMs"/>) and cheap: setting one links a node the caller owns, nothing is
/// allocated and nothing scheduled. Timers fire late by up to a step, never early.
/// </summary>
public sealed class TimerWheel
{
    /// <summary>Resolution, in milliseconds.</summary>
    public const int StepMs = 64;

    private const long LongestMs = 1L << 50;   // for ever, without an overflow

    private const int Slots = 1024;   // 65 s a turn; longer timers go round again

    private readonly Action<WheelTimer, Exception>? _faulted;
    private readonly WheelTimer[] _slots = new WheelTimer[Slots];
    private long _step;
    private int _count;

    internal TimerWheel(long nowMs, Action<WheelTimer, Exception>? faulted = null)
    {
        _faulted = faulted;
        _step = nowMs / StepMs;
        for (var i = 0; i < Slots; i++)
        {
            _slots[i] = new WheelTimer.Head();
        }
    }

    /// <summary>Timers that are set.</summary>
    internal int Count => _count;

    /// <summary>Sets or moves a timer to fire once, <paramref name="delayMs"/> from <paramref name="nowMs"/>.</summary>
    public void Set(WheelTimer timer, long nowMs, long delayMs)
    {
        Cancel(timer);
        timer.DueStep = Math.Max((nowMs + Math.Min(delayMs, LongestMs) + StepMs - 1) / StepMs, _step + 1);
        timer.LinkInto(_slots[timer.DueStep % Slots]);
        _count++;
    }

    public void Cancel(WheelTimer timer)
    {
        if (timer.IsSet)
        {
            timer.Unlink();
            _count--;
        }
    }

    /// <summary>Milliseconds until the wheel wants to be looked at; -1 when no timer is set.</summary>
    public int NextDelayMs(long nowMs)
    {
        if (_count == 0)
        {
            return -1;
        }

        for (var ahead = 1; ahead <= Slots; ahead++)
        {
            if (_slots[(_step + ahead) % Slots].HasOthers)
            {
                return (int)Math.Max(0, (_step + ahead) * StepMs - nowMs);
            }
        }

        return StepMs * Slots;
    }

    /// <summary>Fires what is due; true when anything fired.</summary>
    internal bool Advance(long nowMs)
    {
        var target = nowMs / StepMs;
        var fired = false;
        while (_step < target)
        {
            _step++;
            if (_count == 0)
            {
                _step = target;
                break;
            }

            fired |= FireSlot(_slots[_step % Slots]);
        }

        return fired;
    }

    private bool FireSlot(WheelTimer head)
    {
        var fired = false;
        for (var timer = head.Next!; timer != head;)
        {
            var next = timer.Next!;
            if (timer.DueStep <= _step)
            {
                Cancel(timer);
                Fire(timer);
                fired = true;
                next = head.Next!;   // firing may have unlinked the next one too
            }

            timer = next;
        }

        return fired;
    }

    private void Fire(WheelTimer timer)
    {
        try
        {
            timer.Fire();
        }
#pragma warning disable CA1031 // As in Actor.Deliver: a bug in one timer must not cost the others their turn.
        catch (Exception fault) when (_faulted is not null)
#pragma warning restore CA1031
        {
            _faulted(timer, fault);
        }
    }
}
