namespace Broker.TestKit.Simulation;

/// <summary>At the end, at each node: an emit into every channel must be taken, and every channel say what it has and who is there.</summary>
internal sealed class Auditor(SimulatedCluster cluster, string name, IReadOnlyList<string> channels) : SimulatedClient(cluster, name)
{
    public void EmitIntoAll()
    {
        foreach (var channel in channels)
        {
            Emit(channel, $"{Name}-{channel}", key: null);
        }
    }

    public void AskAll()
    {
        foreach (var channel in channels)
        {
            AskWindow(channel);
            AskMembers(channel);
        }
    }

    protected override void Arrived()
    {
    }

    protected override void Left()
    {
    }
}
