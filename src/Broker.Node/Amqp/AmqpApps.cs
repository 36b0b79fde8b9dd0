using System.Collections.Frozen;
using Broker.Actors.Rights;
using Broker.Cluster.RabbitMq.Source;
using Broker.Node.Apps;
using Broker.Node.Endpoints;
using Broker.Node.Settings;

namespace Broker.Node.Amqp;

/// <summary>
/// The apps that messages over AMQP may name, and their rates. RabbitMQ has asked for a user's password before, so what is open on this machine
/// only is open to them.
/// </summary>
internal sealed class AmqpApps(BrokerOptions options, AppDirectory apps, PublishRates rates) : ISourceApps
{
    private readonly FrozenSet<string> _named = options.Amqp.Apps.ToFrozenSet(StringComparer.Ordinal);

    public bool Serves(string app) =>
        !AppDirectory.IsOwn(app) && apps.Namespaces.HasApp(app) && (_named.Count == 0 || _named.Contains(app));

    public bool MayPublishNow(string app, Identity identity) => rates.TryTake(app, identity);
}
