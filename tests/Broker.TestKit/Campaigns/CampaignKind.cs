namespace Broker.TestKit.Campaigns;

/// <summary>What befalls the cluster in an episode.</summary>
public enum CampaignKind
{
    /// <summary>A few faults of any kind, drawn from the seed.</summary>
    Faults,

    /// <summary>Each node leaves in good order and is started again.</summary>
    RollingRestart,

    /// <summary>Every node loses RabbitMQ and PostgreSQL at once, and has them again at a time of its own.</summary>
    Outage,
}
