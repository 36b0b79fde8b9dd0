using Broker.Node.Connections;

namespace Broker.Node.Health;

/// <summary>The node is not going down.</summary>
internal sealed class StayingCheck(DialectRoutes gate) : IReadinessCheck
{
    public string Name => "staying";

    public ValueTask<string?> FailureAsync() => new(gate.IsClosed ? "The node is going down." : null);
}
