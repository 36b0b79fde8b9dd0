namespace Broker.TestKit.Simulation;

/// <summary>Something that is done to a cluster at a time.</summary>
/// <param name="AtMs">Milliseconds since the cluster began.</param>
/// <param name="What">For people.</param>
internal sealed record Fault(long AtMs, string What, Action Do)
{
    public override string ToString() => $"{AtMs,6} ms {What}";
}
