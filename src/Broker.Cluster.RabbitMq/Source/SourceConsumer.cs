using RabbitMQ.Client;

namespace Broker.Cluster.RabbitMq.Source;

/// <summary>Hands what arrives to the connection, one message after the other, in the queue's order.</summary>
internal sealed class SourceConsumer(IChannel channel, SourceConnection connection) : AsyncDefaultBasicConsumer(channel)
{
    public override Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties,
        ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        connection.Take(new Delivery(deliveryTag, routingKey, new BasicProperties(properties), body.ToArray()), redelivered);
        return Task.CompletedTask;
    }

    /// <summary>RabbitMQ has deleted the queue, or its node is going.</summary>
    public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        connection.End("RabbitMQ ended the subscription to the queue");
        return Task.CompletedTask;
    }
}
