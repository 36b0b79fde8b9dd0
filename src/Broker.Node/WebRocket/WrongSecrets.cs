using System.Net;
using System.Threading.RateLimiting;
using Broker.Actors.Dialects.WebRocket;
using Broker.Node.Connections;
using Broker.Node.Settings;

namespace Broker.Node.WebRocket;

/// <summary>Counts wrong secrets by addresses. Any thread.</summary>
internal sealed class WrongSecrets(LimitsOptions limits, AddressBlocks blocks) : ISecretGuard, IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress>? _addresses = PerMinute.OfEach<IPAddress>(limits.WrongSecretsPerMinutePerAddress);

    public bool MayTry(IPAddress address) => _addresses?.HasLeft(blocks.Of(address)) != false;

    public void Wrong(IPAddress address) => _addresses?.TryTake(blocks.Of(address));

    public void Dispose() => _addresses?.Dispose();
}
