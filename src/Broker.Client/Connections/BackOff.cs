namespace Broker.Client.Connections;

/// <summary>Waits that grow by doubling, each random between nothing and its longest: many clients that lost one node do not come back at once.</summary>
internal sealed class BackOff(TimeSpan first, TimeSpan max, Random random)
{
    private int _attempt;

    public TimeSpan Next()
    {
        var longest = Math.Min(max.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, _attempt));
        _attempt = Math.Min(_attempt + 1, 30);
        lock (random)
        {
            return TimeSpan.FromMilliseconds(longest * random.NextDouble());
        }
    }

    public void Reset() => _attempt = 0;
}
