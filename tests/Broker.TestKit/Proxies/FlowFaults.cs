namespace Broker.TestKit.Proxies;

/// <summary>What is wrong with one way through a proxy, for all its connections. Set by a test, read by the flows.</summary>
internal sealed class FlowFaults
{
    private long _delayTicks;
    private long _swallowedBytes;
    private volatile bool _isSwallowing;

    /// <summary>True: what is read is thrown away, an end too.</summary>
    public bool IsSwallowing
    {
        get => _isSwallowing;
        set => _isSwallowing = value;
    }

    public long SwallowedBytes => Volatile.Read(ref _swallowedBytes);

    /// <summary>How much later what is read from now on goes on.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref _delayTicks));
        set => Volatile.Write(ref _delayTicks, value.Ticks);
    }

    public void Swallowed(int bytes) => Interlocked.Add(ref _swallowedBytes, bytes);
}
