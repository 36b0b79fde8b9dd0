using System.Net;
using System.Threading.RateLimiting;
using Broker.Node.Settings;

namespace Broker.Node.Connections;

/// <summary>How many handshakes a second the node takes, in all and from one address. Any thread.</summary>
internal sealed class HandshakeRates(LimitsOptions limits, AddressBlocks blocks) : IDisposable
{
    private readonly TokenBucketRateLimiter? _node =
        limits.HandshakesPerSecond > 0 ? new TokenBucketRateLimiter(Bucket(limits.HandshakesPerSecond)) : null;

    // It forgets addresses that have been quiet for some seconds.
    private readonly PartitionedRateLimiter<IPAddress>? _perAddress = limits.HandshakesPerSecondPerAddress > 0
        ? PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
            RateLimitPartition.GetTokenBucketLimiter(address, _ => Bucket(limits.HandshakesPerSecondPerAddress)))
        : null;

    /// <summary>Counts one handshake; null when it is within the rates. An address over its rate takes nothing from the others.</summary>
    public TurnedAway? Spend(IPAddress address) =>
        _perAddress is not null && !TryTake(_perAddress, blocks.Of(address)) ? TurnedAway.AddressTooFast
        : _node is not null && !TryTake(_node) ? TurnedAway.NodeTooFast
        : null;

    public void Dispose()
    {
        _node?.Dispose();
        _perAddress?.Dispose();
    }

    private static bool TryTake(RateLimiter limiter)
    {
        using var lease = limiter.AttemptAcquire();
        return lease.IsAcquired;
    }

    private static bool TryTake(PartitionedRateLimiter<IPAddress> limiter, IPAddress address)
    {
        using var lease = limiter.AttemptAcquire(address);
        return lease.IsAcquired;
    }

    private static TokenBucketRateLimiterOptions Bucket(int perSecond) => new()
    {
        TokenLimit = perSecond,
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
    };
}
