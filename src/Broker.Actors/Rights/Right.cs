namespace Broker.Actors.Rights;

/// <summary>Who may do something in a channel. Each includes those that follow it, up to the backend.</summary>
public enum Right
{
    /// <summary>Everybody.</summary>
    Anonymous,

    /// <summary>Users who said who they are, and backends.</summary>
    User,

    /// <summary>Who brings a signature or token for this very channel, and backends.</summary>
    Proof,

    /// <summary>Backends only.</summary>
    Backend,

    /// <summary>Nobody.</summary>
    Nobody,
}
