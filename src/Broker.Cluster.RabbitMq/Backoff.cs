namespace Broker.Cluster.RabbitMq;

/// <summary>Pauses between attempts: twice as long each time, up to a longest, and never the same for two nodes.</summary>
internal sealed class Backoff(TimeSpan longest)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);

    private TimeSpan _next = First;

    public TimeSpan Next()
    {
        var pause = _next < longest ? _next : longest;
        _next = pause * 2;
#pragma warning disable CA5394 // Spreads nodes out, hides nothing.
        return pause * (0.5 + (Random.Shared.NextDouble() / 2));
#pragma warning restore CA5394
    }

    public void Reset() => _next = First;
}
