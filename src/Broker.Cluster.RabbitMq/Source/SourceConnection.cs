using System.Diagnostics;
using Broker.Actors.Dialects;
using Broker.Actors.Dialects.Http;
using Broker.Actors.Rights;
using Broker.Actors.Tracing;
using Broker.Messages;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Broker.Cluster.RabbitMq.Source;

/// <summary>
/// One life of the source: takes messages on one connection, and puts aside on the other what can never be published. When it ends,
/// RabbitMQ gives what is not acknowledged to whoever is next, in its order.
/// </summary>
internal sealed partial class SourceConnection(
    SourceOptions options, RabbitMqClient client, IIngress ingress, ISourceApps apps, SourceCounters counters, ILogger logger, TimeProvider time)
    : ILife
{
    /// <summary>Redeliveries after which RabbitMQ itself puts a message aside: one that ends whoever takes it must not do so for ever.</summary>
    private const int DeliveryLimit = 100;

    /// <summary>For answers to what is under way when the node leaves: they come within 3 s.</summary>
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(5);

    private readonly ConnectionPair _connections = new(client, counters, time);
    private readonly CancellationTokenSource _ending = new();
    private readonly Lanes _lanes = new();
    private readonly SourceReader _reader = new(options, apps);
    private DeadLetters? _dead;
    private IChannel? _channel;
    private StandstillWatch? _watch;
    private Task _watching = Task.CompletedTask;
    private long _underWay;

    /// <summary>Of RabbitMQ, for people.</summary>
    public string Node => _connections.Node;

    /// <summary>Messages that came and are not settled.</summary>
    public long UnderWay => Volatile.Read(ref _underWay);

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _connections.OpenAsync(cancellationToken);
        _dead = new DeadLetters(options, _connections);
        await _dead.OpenAsync(cancellationToken);

        _channel = await _connections.ConsumingChannelAsync(options.Prefetch, cancellationToken);
        await DeclareAsync(_channel, cancellationToken);

        // From the first message on, and no sooner: to connect may take longer than the limit.
        _watch = new StandstillWatch(options.Heartbeat * 2, time);
        _watching = _connections.EndOnFaultAsync(WatchAsync(_watch));
        await _channel.BasicConsumeAsync(options.Queue, autoAck: false, new SourceConsumer(_channel, this), cancellationToken);
    }

    /// <summary>Takes messages; when it is to stop, what is under way is answered and acknowledged.</summary>
    public async Task<string> RunAsync(CancellationToken stop)
    {
        var why = await _connections.UntilOverAsync(stop);

        // Still a consumer, so that nobody is next before it is done: cancelling would make another active at once.
        var idle = _lanes.CloseAsync();
        await _ending.CancelAsync();
        if (_connections.IsStopped)
        {
            await Task.WhenAny(idle, Task.Delay(AnswersWithin, time, CancellationToken.None));
        }

        return why;
    }

    /// <summary>A message has come; by the consumer alone.</summary>
    public void Take(Delivery delivery, bool redelivered)
    {
        if (_ending.IsCancellationRequested)
        {
            return;   // RabbitMQ gives it to another
        }

        Interlocked.Increment(ref _underWay);
        counters.Redelivered.Add(redelivered ? 1 : 0);
        if (_reader.Read(delivery.RoutingKey, delivery.Properties, delivery.Body, out var message) is { } problem)
        {
            // What names no channel has a lane of its own.
            _lanes.Add(default, () => _connections.EndOnFaultAsync(BuryAsync(delivery, problem)));
        }
        else
        {
            _lanes.Add(message!.Channel, () => _connections.EndOnFaultAsync(PublishAsync(delivery, message)));
        }
    }

    /// <summary>It is lost.</summary>
    public void End(string why) => _connections.End(why);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
#pragma warning disable VSTHRD003 // Its own.
        await _watching;
#pragma warning restore VSTHRD003
        await _connections.DisposeAsync();
        _ending.Dispose();
    }

    /// <summary>Quorum queues: see docs/decisions.md.</summary>
    private async Task DeclareAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(options.Dead, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(
            options.Dead, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" },
            cancellationToken: cancellationToken);
        await channel.QueueBindAsync(options.Dead, options.Dead, "", cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(options.Exchange, ExchangeType.Topic, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(
            options.Queue, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["x-queue-type"] = "quorum",
                ["x-single-active-consumer"] = true,
                ["x-dead-letter-exchange"] = options.Dead,
                ["x-delivery-limit"] = DeliveryLimit,
            },
            cancellationToken: cancellationToken);
        await channel.QueueBindAsync(options.Queue, options.Exchange, "#", cancellationToken: cancellationToken);
    }

    private async Task PublishAsync(Delivery delivery, SourceMessage message)
    {
        var backoff = new Backoff(options.MaxDelay);
        while (MayGoOn())
        {
            var refusal = await EmitAsync(message);
            switch (Verdicts.Of(refusal))
            {
                case Verdict.Done:
                    await AcknowledgeAsync(delivery);
                    counters.Published.Add(1);
                    return;
                case Verdict.Dead:
                    await BuryAsync(delivery, ApiProblem.Of(refusal));
                    return;
                case Verdict.Again:
                    counters.Retried.Add(refusal);
                    await Task.Delay(backoff.Next(), time, _ending.Token);
                    break;
                default:
                    throw new UnreachableException();
            }
        }
    }

    private async Task<Refusal> EmitAsync(SourceMessage message)
    {
        var backend = new Identity.Backend(message.Channel.App);
        if (!apps.MayPublishNow(message.Channel.App, backend))
        {
            return Refusal.TooManyPublishes;
        }

        using var span = message.Cause is { } cause ? BrokerTracing.Source.StartActivity("receive", ActivityKind.Consumer, cause) : null;
        var result = await ingress.EmitAsync(backend, message.Channel, message.Event, message.Data, message.Key);
        return result.Refusal;
    }

    /// <summary>Acknowledged only when the dead letter is RabbitMQ's.</summary>
    private async Task BuryAsync(Delivery delivery, ApiProblem problem)
    {
        var backoff = new Backoff(options.MaxDelay);
        while (MayGoOn())
        {
            if (await _dead!.TryAddAsync(delivery, problem))
            {
                await AcknowledgeAsync(delivery);
                counters.DeadLettered.Add(problem.Code);
                LogDeadLettered(problem.Code, problem.Detail ?? problem.Title, options.Dead);
                return;
            }

            LogNotDeadLettered(options.Dead);
            await Task.Delay(backoff.Next(), time, _ending.Token);
        }
    }

    private async Task AcknowledgeAsync(Delivery delivery)
    {
        await _channel!.BasicAckAsync(delivery.Tag, multiple: false, CancellationToken.None).AsTask().WaitAsync(options.PublishTimeout, time);
        Interlocked.Decrement(ref _underWay);
    }

    private bool MayGoOn()
    {
        if (_watch!.HasStoodStill)
        {
            End("the node stood still");
            return false;
        }

        return !_connections.IsOver;
    }

    private async Task WatchAsync(StandstillWatch watch)
    {
        await watch.RunAsync(_ending.Token);
        End("the node stood still");
    }
}
