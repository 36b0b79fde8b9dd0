using System.Globalization;
using System.Text;
using RabbitMQ.Client;

namespace Broker.ClusterBenchmarks.Backends;

/// <summary>
/// Over AMQP, as docs/amqp.md asks: persistent, mandatory, confirmed, with a message_id. So many messages are under way that the node always
/// has some waiting; what is confirmed is not counted, as every one is waited for at its channel.
/// </summary>
internal sealed class AmqpBackend : IBackend
{
    private const int UnderWay = 512;
    private const int UnderWayOfChannel = 32;

    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private AmqpBackend(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    public string Name => "AMQP";

    public static async Task<IBackend> ConnectAsync(Uri rabbitMq)
    {
        var connection = await new ConnectionFactory { Uri = rabbitMq, AutomaticRecoveryEnabled = false }.CreateConnectionAsync();
        return new AmqpBackend(connection, await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false, outstandingPublisherConfirmationsRateLimiter: null)));
    }

    public async Task PublishAsync(NumberedChannels channels, CancellationToken stop)
    {
        var window = Math.Max(UnderWay / channels.Count, UnderWayOfChannel);
        while (!stop.IsCancellationRequested)
        {
            var isFull = true;
            for (var channel = 0; channel < channels.Count; channel++)
            {
                if (channels.UnderWay(channel) < window)
                {
                    isFull = false;
                    await PublishAsync(channels.NameOf(channel), channels.Next(channel).ToString(CultureInfo.InvariantCulture));
                }
            }

            if (isFull)
            {
                await Task.Delay(1, CancellationToken.None);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private ValueTask PublishAsync(string channel, string number) => _channel.BasicPublishAsync(
        "broker.publish",
        channel,
        mandatory: true,
        new BasicProperties { Type = "e", MessageId = number, DeliveryMode = DeliveryModes.Persistent },
        Encoding.ASCII.GetBytes(number),
        CancellationToken.None);
}
