using System.Threading.RateLimiting;

namespace Broker.Node.Connections;

/// <summary>Rates by the minute, given back one by one: a minute's worth at once, and nobody waits.</summary>
internal static class PerMinute
{
    /// <summary>A rate that each of many has for itself; those that are quiet for a while are forgotten. Null where there is none to keep.</summary>
    /// <param name="rate">0 for none.</param>
    public static PartitionedRateLimiter<TKey>? OfEach<TKey>(int rate)
        where TKey : notnull => rate > 0
            ? PartitionedRateLimiter.Create<TKey, TKey>(key => RateLimitPartition.GetTokenBucketLimiter(key, _ => Bucket(rate)))
            : null;

    /// <summary>True while one more is within the rate; takes nothing.</summary>
    public static bool HasLeft<TKey>(this PartitionedRateLimiter<TKey> limiter, TKey key) =>
        limiter.GetStatistics(key) is not { CurrentAvailablePermits: <= 0 };   // asked for none, it would count a part of one

    private static TokenBucketRateLimiterOptions Bucket(int rate) => new()
    {
        TokenLimit = rate,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromMinutes(1) / rate,
        QueueLimit = 0,
    };
}
