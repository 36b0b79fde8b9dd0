namespace Broker.Actors.Cluster;

/// <summary>
/// The messages that a node sends itself through its own queue (cluster protocol, Probe). One that comes back says that all
/// that others had sent before it has been received. Pure: no clock, no bus.
/// </summary>
internal sealed class BusProbe
{
    /// <summary>Milliseconds between two probes, at least.</summary>
    public const long EveryMs = 100;

    /// <summary>Milliseconds after its sending until which a probe that came back makes the bus fresh.</summary>
    public const long FreshMs = 400;

    private readonly long[] _sentAt = new long[16];
    private long _last;
    private long _returned;

    /// <summary>The next probe's number.</summary>
    public long Send(long sentAt)
    {
        _sentAt[++_last % _sentAt.Length] = sentAt;
        return _last;
    }

    /// <summary>A probe came back: when it was sent; null for one that says nothing new.</summary>
    public long? Returned(long number)
    {
        if (number <= _returned || number > _last || number <= _last - _sentAt.Length)
        {
            return null;
        }

        _returned = number;
        return _sentAt[number % _sentAt.Length];
    }

    /// <summary>What is under way came from before the bus was lost: it says nothing any more.</summary>
    public void Forget() => _returned = _last;
}
