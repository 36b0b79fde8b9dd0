using Broker.Actors.Dialects;

namespace Broker.Cluster.RabbitMq.Source;

/// <summary>What a node says of the apps that messages name. Any thread.</summary>
public interface ISourceApps : IPublisher
{
    /// <summary>Whether messages may name this app.</summary>
    bool Serves(string app);
}
