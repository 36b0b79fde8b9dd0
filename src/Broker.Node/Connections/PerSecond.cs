using System.Threading.RateLimiting;

namespace Broker.Node.Connections;

/// <summary>Rates by the framework's token buckets: a second's worth at once, and nobody waits.</summary>
internal static class PerSecond
{
    /// <summary>One rate for all; null where there is none to keep.</summary>
    /// <param name="rate">0 for none.</param>
    public static TokenBucketRateLimiter? OfAll(int rate) => rate > 0 ? new TokenBucketRateLimiter(Bucket(rate)) : null;

    /// <summary>A rate that each of many has for itself; those that are quiet for some seconds are forgotten. Null where there is none to keep.</summary>
    /// <inheritdoc cref="OfAll" path="/param"/>
    public static PartitionedRateLimiter<TKey>? OfEach<TKey>(int rate)
        where TKey : notnull => rate > 0
            ? PartitionedRateLimiter.Create<TKey, TKey>(key => RateLimitPartition.GetTokenBucketLimiter(key, _ => Bucket(rate)))
            : null;

    /// <summary>Takes one; false when that is over the rate.</summary>
    public static bool TryTake(this RateLimiter limiter)
    {
        using var lease = limiter.AttemptAcquire();
        return lease.IsAcquired;
    }

    /// <inheritdoc cref="TryTake(RateLimiter)"/>
    public static bool TryTake<TKey>(this PartitionedRateLimiter<TKey> limiter, TKey key)
    {
        using var lease = limiter.AttemptAcquire(key);
        return lease.IsAcquired;
    }

    private static TokenBucketRateLimiterOptions Bucket(int rate) => new()
    {
        TokenLimit = rate,
        TokensPerPeriod = rate,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
    };
}
