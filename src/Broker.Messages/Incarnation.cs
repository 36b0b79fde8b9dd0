namespace Broker.Messages;

/// <summary>One life of one node process: what messages are addressed to. A restarted node is a new incarnation.</summary>
public readonly record struct Incarnation(Guid Value)
{
    public static Incarnation New() => new(Guid.NewGuid());

    public override string ToString() => Value.ToString("N");
}
