namespace Broker.Node.Health;

/// <summary>Every loop delivers an event to itself.</summary>
internal sealed class DeliveryCheck(SelfDelivery delivery) : IReadinessCheck
{
    public string Name => "delivery";

    public async ValueTask<string?> FailureAsync() => await delivery.TryAsync();
}
