namespace Broker.Actors.Loops;

/// <summary>Runs something on a loop for somebody who is not on one: start, stop, health, questions. Not for hot paths.</summary>
public sealed class LoopCall : Actor
{
    private readonly Action _action;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LoopCall(Loop loop, Action action)
        : base(loop)
    {
        _action = action;
    }

    /// <summary>Completes after <paramref name="action"/> has run on the loop, behind what is in its inbox now.</summary>
    public static Task RunAsync(Loop loop, Action action)
    {
        var call = new LoopCall(loop, action);
        call.Tell(call);
#pragma warning disable VSTHRD003 // Completed by the loop, which never waits for a task.
        return call._done.Task;
#pragma warning restore VSTHRD003
    }

    protected override void Receive(object message)
    {
        _action();
        _done.TrySetResult();
    }

    protected override void Faulted(Exception fault) => _done.TrySetException(fault);
}
