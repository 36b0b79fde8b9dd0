using Broker.Actors.Loops;

namespace Broker.TestKit.Simulation;

/// <summary>Waits for nothing: the agenda says when a loop has its turn.</summary>
internal sealed class SimulatedPoller : ILoopPoller
{
    public static SimulatedPoller Instance { get; } = new();

    public void Poll(int timeoutMs)
    {
    }

    public void Wake()
    {
    }

    public void Dispose()
    {
    }
}
