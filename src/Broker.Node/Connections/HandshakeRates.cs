using System.Net;
using System.Threading.RateLimiting;
using Broker.Node.Settings;

namespace Broker.Node.Connections;

/// <summary>How many handshakes a second the node takes, in all and from one address. Any thread.</summary>
internal sealed class HandshakeRates(LimitsOptions limits, AddressBlocks blocks) : IDisposable
{
    private readonly TokenBucketRateLimiter? _node = PerSecond.OfAll(limits.HandshakesPerSecond);
    private readonly PartitionedRateLimiter<IPAddress>? _perAddress = PerSecond.OfEach<IPAddress>(limits.HandshakesPerSecondPerAddress);

    /// <summary>Counts one handshake; null when it is within the rates. An address over its rate takes nothing from the others.</summary>
    public TurnedAway? Spend(IPAddress address) =>
        _perAddress?.TryTake(blocks.Of(address)) == false ? TurnedAway.AddressTooFast
        : _node?.TryTake() == false ? TurnedAway.NodeTooFast
        : null;

    public void Dispose()
    {
        _node?.Dispose();
        _perAddress?.Dispose();
    }
}
