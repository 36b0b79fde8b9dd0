namespace Broker.TestKit.Deployments;

/// <summary>What a deployment is made of.</summary>
public sealed record DeploymentOptions
{
    /// <summary>Places for nodes; a process is on each once it is started.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>How many of them run from the beginning; null for all.</summary>
    public int? Running { get; init; }

    /// <summary>Of RabbitMQ: one, or a cluster of so many.</summary>
    public int RabbitMqNodes { get; init; } = 1;

    /// <summary>True: between each node and each server stands a proxy that can fail.</summary>
    public bool HasProxies { get; init; }

    /// <summary>For every node, by the names that the environment has: <c>Broker__Limits__FrameBytes</c>.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings { get; init; } = [];
}
