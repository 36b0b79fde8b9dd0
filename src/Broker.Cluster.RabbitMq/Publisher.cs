using System.Globalization;
using Broker.Actors.Cluster;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Broker.Cluster.RabbitMq;

/// <summary>
/// Publishes what waits, one message after the other, on two channels of one connection: most without confirmations, those that ask
/// on a channel that confirms. None is waited for longer than a time-out.
/// </summary>
internal sealed class Publisher(RabbitMqOptions options, ConnectionPair connections, RabbitMqCounters counters, Reports reports)
{
    private readonly SendQueue _queue = new(options.SendBytes, counters);
    private readonly Confirms _confirms = new();
    private readonly BasicProperties _properties = new();   // only its id changes
    private IChannel? _plain;
    private IChannel? _confirming;

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _plain = await connections.PublishingChannelAsync(confirms: false, tracks: false, cancellationToken);
        _plain.BasicReturnAsync += (_, returned) => Returned(returned, asked: false);
        _confirming = await connections.PublishingChannelAsync(confirms: true, tracks: false, cancellationToken);
        _confirming.BasicReturnAsync += (_, returned) => Returned(returned, asked: true);
        _confirming.BasicAcksAsync += (_, ack) => Confirmed(ack.DeliveryTag, ack.Multiple, accepted: true);
        _confirming.BasicNacksAsync += (_, nack) => Confirmed(nack.DeliveryTag, nack.Multiple, accepted: false);
    }

    public bool TrySend(BusAddress? to, SendId id, ReadOnlyMemory<byte> batch, bool confirm)
    {
        if (!confirm)
        {
            return _queue.TryAdd(to, id, confirm, batch);
        }

        if (!_confirms.TryAsk())
        {
            return false;
        }

        if (_queue.TryAdd(to, id, confirm, batch))
        {
            return true;
        }

        _confirms.Withdraw();
        return false;
    }

    /// <summary>Until <see cref="Close"/> and the last that waits.</summary>
    /// <param name="lost">The connection is gone: nothing is worth waiting for.</param>
    public async Task RunAsync(CancellationToken lost)
    {
        try
        {
            while (await _queue.WaitAsync(lost))
            {
                while (_queue.TryTake(out var batch))
                {
                    await PublishAsync(batch, lost);
                }
            }
        }
        finally
        {
            _queue.Clear();
        }
    }

    /// <summary>Takes nothing more.</summary>
    public void Close() => _queue.Close();

    private async ValueTask PublishAsync(OutgoingBatch batch, CancellationToken lost)
    {
        try
        {
            var publishing = Publish(batch);
            if (!publishing.IsCompletedSuccessfully)
            {
                await connections.WithinTimeoutAsync(publishing.AsTask(), options.PublishTimeout, lost);
            }
        }
        catch
        {
            _queue.Abandon(batch);
            throw;
        }

        counters.MessagesSent.Add(1);
        counters.BytesSent.Add(batch.Length);
        _queue.Done(batch);
    }

    /// <summary>Without a cancellation token: the library's count of confirmed publishes does not survive one.</summary>
    private ValueTask Publish(OutgoingBatch batch)
    {
        if (batch.To is not { } to)
        {
            return _plain!.BasicPublishAsync(options.NewsExchange, "", mandatory: false, _properties, batch.Body, CancellationToken.None);
        }

        var id = batch.Id.Value.ToString(CultureInfo.InvariantCulture);
        if (batch.Confirm)
        {
            _confirms.Publishing(batch.Id);
            return _confirming!.BasicPublishAsync("", to.Value, mandatory: true, new BasicProperties { MessageId = id }, batch.Body, CancellationToken.None);
        }

        _properties.MessageId = id;
        return _plain!.BasicPublishAsync("", to.Value, mandatory: true, _properties, batch.Body, CancellationToken.None);
    }

    private Task Returned(BasicReturnEventArgs returned, bool asked)
    {
        counters.Returned.Add(1);
        if (long.TryParse(returned.BasicProperties.MessageId, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            reports.Returned(new BusAddress(returned.RoutingKey), new SendId(id), asked);
        }

        return Task.CompletedTask;
    }

    private Task Confirmed(ulong number, bool multiple, bool accepted)
    {
        foreach (var id in _confirms.Answered(number, multiple))
        {
            counters.Rejected.Add(accepted ? 0 : 1);
            reports.Confirmed(id, accepted);
        }

        return Task.CompletedTask;
    }
}
