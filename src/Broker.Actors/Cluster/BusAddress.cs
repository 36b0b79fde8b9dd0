namespace Broker.Actors.Cluster;

/// <summary>Where a bus delivers to one node: new after each reconnect, never used twice.</summary>
public readonly record struct BusAddress(string Value)
{
    public override string ToString() => Value;
}
