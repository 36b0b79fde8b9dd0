namespace Broker.TestKit.Simulation;

/// <summary>Where a node's awaits go on: on the agenda, and only while the node runs.</summary>
internal sealed class SimulatedContext(SimulatedNode node) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => node.Later(1, () => d(state));

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;
}
