using RabbitMQ.Client;

namespace Broker.Cluster.RabbitMq.Source;

/// <summary>A message that RabbitMQ handed over, copied out of its buffers.</summary>
/// <param name="Tag">What it is acknowledged by, on the channel that it came by.</param>
internal sealed record Delivery(ulong Tag, string RoutingKey, BasicProperties Properties, ReadOnlyMemory<byte> Body);
