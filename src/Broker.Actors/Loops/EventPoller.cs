namespace Broker.Actors.Loops;

/// <summary>Waits for messages only: for loops whose connections post what they read to the inbox.</summary>
public sealed class EventPoller : ILoopPoller
{
    private readonly AutoResetEvent _woken = new(initialState: false);

    public void Poll(int timeoutMs)
    {
        if (timeoutMs != 0)
        {
            _woken.WaitOne(timeoutMs);
        }
    }

    public void Wake() => _woken.Set();

    public void Dispose() => _woken.Dispose();
}
