using RabbitMQ.Client;

namespace Broker.Cluster.RabbitMq;

/// <summary>Hands what arrives to the sink, one message at a time; a slow sink holds up no more than the prefetch.</summary>
/// <param name="begun">Nothing is handed over before.</param>
internal sealed class QueueConsumer(
    IChannel channel, BusConnection connection, SerialSink sink, Acknowledger acknowledger, RabbitMqCounters counters, Task begun)
    : AsyncDefaultBasicConsumer(channel)
{
    public override async Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties,
        ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
#pragma warning disable VSTHRD003 // Done before the first message, but for news.
        await begun;
#pragma warning restore VSTHRD003
        counters.MessagesReceived.Add(1);
        counters.BytesReceived.Add(body.Length);
        sink.Received(connection, body, isNews: exchange.Length > 0);
        acknowledger.Handled(deliveryTag);
    }

    /// <summary>RabbitMQ has deleted the queue.</summary>
    public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        connection.End("its queue was deleted");
        return Task.CompletedTask;
    }
}
