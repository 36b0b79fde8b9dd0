namespace Broker.Client;

/// <summary>As many requests wait for their answer as may: <see cref="BrokerClientOptions.QueuedRequests"/> or <see cref="BrokerClientOptions.QueuedBytes"/>. Nothing was done.</summary>
public sealed class BrokerQueueFullException : BrokerException
{
    internal BrokerQueueFullException(int requests)
        : base($"{requests} requests wait for their answer; there is no room for another.")
    {
    }
}
