namespace Broker.Node.Tests.Cluster;

/// <summary>What a dialect's behaviour tests run against.</summary>
public enum Where
{
    /// <summary>A node of the test's own.</summary>
    Node,

    /// <summary>Three nodes behind haproxy, which spreads clients over them.</summary>
    Cluster,
}
