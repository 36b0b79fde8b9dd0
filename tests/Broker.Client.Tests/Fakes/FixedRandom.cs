namespace Broker.Client.Tests.Fakes;

/// <summary>Always the same.</summary>
internal sealed class FixedRandom(double value) : Random
{
    public override double NextDouble() => value;
}
