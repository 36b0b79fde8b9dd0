using System.Collections.Frozen;
using System.Net;
using System.Threading.RateLimiting;
using Broker.Actors;
using Broker.Actors.Rights;
using Broker.Messages;
using Broker.Node.Connections;
using Broker.Node.Settings;

namespace Broker.Node.Endpoints;

/// <summary>
/// How many events a second may be published over HTTP: from one address; by one client, as by one session; by all the backends of an app together.
/// Any thread.
/// </summary>
internal sealed class PublishRates(BrokerOptions options, AddressBlocks blocks, Counters counters) : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress>? _addresses = PerSecond.OfEach<IPAddress>(options.Limits.HttpPublishesPerSecondPerAddress);
    private readonly PartitionedRateLimiter<Client>? _clients = PerSecond.OfEach<Client>(options.Limits.PublishesPerSecond);

    private readonly FrozenDictionary<string, TokenBucketRateLimiter> _backends = options.Apps
        .Where(app => app.BackendPublishesPerSecond > 0)
        .ToFrozenDictionary(app => app.Id, app => PerSecond.OfAll(app.BackendPublishesPerSecond)!, StringComparer.Ordinal);

    /// <summary>Counts one publish; false when it is over a rate, which is counted too. An address over its rate takes nothing from the others.</summary>
    public bool TryTake(string app, Identity publisher, IPAddress? address)
    {
        if (Met(app, publisher, address is null ? null : blocks.Of(address)) is not { } limit)
        {
            return true;
        }

        counters.Limits.Add(limit);
        counters.EmitsRefused.Add(Refusal.TooManyPublishes);
        return false;
    }

    /// <summary>The same for a backend that comes from no address: over AMQP.</summary>
    public bool TryTake(string app, Identity backend) => TryTake(app, backend, null);

    public void Dispose()
    {
        _addresses?.Dispose();
        _clients?.Dispose();
        foreach (var backends in _backends.Values)
        {
            backends.Dispose();
        }
    }

    private Limit? Met(string app, Identity publisher, IPAddress? address)
    {
        if (address is not null && _addresses?.TryTake(address) == false)
        {
            return Limit.AddressPublishes;
        }

        if (publisher is Identity.Backend)
        {
            return _backends.TryGetValue(app, out var backends) && !backends.TryTake() ? Limit.AppPublishes : null;
        }

        // Nobody in particular is told from others by the address alone.
        var client = new Client(app, publisher.Publisher, publisher is Identity.Anonymous ? address : null);
        return _clients?.TryTake(client) == false ? Limit.PublishesPerSecond : null;
    }

    private readonly record struct Client(string App, string Publisher, IPAddress? Address);
}
