using Broker.Node.Connections;

namespace Broker.Node.Health;

/// <summary>The node is not going down.</summary>
internal sealed class StayingCheck(DialectRoutes gate) : IReadinessCheck
{
    public const string Title = "staying";

    public string Name => Title;

    public ValueTask<string?> FailureAsync() => new(gate.IsLeaving ? "The node is going down." : null);
}
