namespace Broker.Actors.Loops;

/// <summary>A timer that its owner keeps and the loop's wheel links: derive it and say what it does.</summary>
public abstract class WheelTimer
{
    private WheelTimer? _previous;

    internal WheelTimer? Next { get; private set; }

    internal long DueStep { get; set; }

    public bool IsSet => Next is not null;

    internal bool HasOthers => Next != this;

    /// <summary>Called on the loop when due; the timer is no longer set and may be set again.</summary>
    protected internal abstract void Fire();

    internal void LinkInto(WheelTimer head)
    {
        Next = head;
        _previous = head._previous;
        _previous!.Next = this;
        head._previous = this;
    }

    internal void Unlink()
    {
        _previous!.Next = Next;
        Next!._previous = _previous;
        Next = null;
        _previous = null;
    }

    internal sealed class Head : WheelTimer
    {
        public Head()
        {
            Next = this;
            _previous = this;
        }

        protected internal override void Fire() => throw new InvalidOperationException("A slot's head is no timer.");
    }
}
