using Broker.Actors.Dialects.Http;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Broker.Cluster.RabbitMq.Source;

/// <summary>Puts messages aside, as they came, with why in their headers.</summary>
internal sealed class DeadLetters(SourceOptions options, ConnectionPair connections)
{
    public const string ReasonHeader = "x-broker-reason";
    public const string DetailHeader = "x-broker-detail";
    public const string UserHeader = "x-broker-user-id";

    private const int BytesInTime = 8 << 20;

    private IChannel? _channel;

    public async Task OpenAsync(CancellationToken cancellationToken) =>
        _channel = await connections.PublishingChannelAsync(confirms: true, tracks: true, cancellationToken);

    /// <returns>False: the queue did not take it. True: RabbitMQ has it.</returns>
    /// <exception cref="Exception">The connection is lost, or hangs.</exception>
    public async Task<bool> TryAddAsync(Delivery delivery, ApiProblem problem)
    {
        try
        {
            // Without a cancellation token: the library's count of confirmed publishes does not survive one.
            var publishing = _channel!.BasicPublishAsync(
                options.Dead, delivery.RoutingKey, mandatory: true, PropertiesOf(delivery.Properties, problem), delivery.Body, CancellationToken.None);
            await connections.WithinTimeoutAsync(publishing.AsTask(), TimeoutFor(delivery), CancellationToken.None);
            return true;
        }
        catch (PublishException)
        {
            return false;
        }
    }

    /// <summary>The message's own, but for what would end the dead letter's life (its expiry) or make RabbitMQ refuse it (another user's name).</summary>
    internal static BasicProperties PropertiesOf(BasicProperties original, ApiProblem problem)
    {
        var properties = new BasicProperties(original)
        {
            DeliveryMode = DeliveryModes.Persistent,
            Headers = new Dictionary<string, object?>(original.Headers ?? new Dictionary<string, object?>(StringComparer.Ordinal), StringComparer.Ordinal)
            {
                [ReasonHeader] = problem.Code,
                [DetailHeader] = problem.Detail ?? problem.Title,
            },
        };
        if (properties.IsUserIdPresent())
        {
            properties.Headers[UserHeader] = properties.UserId;
            properties.ClearUserId();
        }

        properties.ClearExpiration();
        return properties;
    }

    /// <summary>What is put aside for being too large takes its time.</summary>
    private TimeSpan TimeoutFor(Delivery delivery) => options.PublishTimeout * (1 + (delivery.Body.Length / BytesInTime));
}
