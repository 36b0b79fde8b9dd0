namespace Broker.Client.Connections;

/// <summary>Numbers the requests of a client, over all its connections.</summary>
internal sealed class RequestIds
{
    private long _last;

    public long Next() => Interlocked.Increment(ref _last);
}
