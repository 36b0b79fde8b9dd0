namespace Broker.Actors.Loops;

/// <summary>Something that lives on one loop: its state is touched by that loop's thread only.</summary>
public abstract class Actor
{
    protected Actor(Loop loop)
    {
        ArgumentNullException.ThrowIfNull(loop);
        Loop = loop;
    }

    public Loop Loop { get; }

    /// <summary>Sends a message, from any thread. Messages of one sender arrive in their order.</summary>
    public void Tell(object message) => Loop.Post(this, message);

    /// <summary>Sends a message; on the actor's own loop it is handled at once, in the caller's stack.</summary>
    public void TellOrCall(object message)
    {
        if (Loop.IsCurrent)
        {
            Deliver(message);
        }
        else
        {
            Loop.Post(this, message);
        }
    }

    internal void Deliver(object message)
    {
        try
        {
            Receive(message);
        }
#pragma warning disable CA1031 // The edge of an actor: a bug in one must not take its loop with it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Loop.Report(this, message, fault);
            Release(fault);
        }
    }

    private void Release(Exception fault)
    {
        try
        {
            Faulted(fault);
        }
#pragma warning disable CA1031 // As above: not even a bug in the handling of a bug.
        catch (Exception another)
#pragma warning restore CA1031
        {
            Loop.Report(this, message: null, another);
        }
    }

    /// <summary>Handles one message on the actor's loop.</summary>
    protected abstract void Receive(object message);

    /// <summary>A bug in <see cref="Receive"/>: the actor releases what others wait for. It has been logged.</summary>
    protected virtual void Faulted(Exception fault)
    {
    }
}
