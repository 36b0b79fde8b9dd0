using System.Text;
using Broker.Actors.Rights;
using Broker.Messages;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>
/// The broker's channels, for a service and its client: what is done here is done in the name of the client, so the channels' namespaces say whether it may be.
/// Events of channels that the client is subscribed to go to it as notifications, without a detour over the service:
/// <c>event(channel, name, data)</c>. From any thread; in order for who awaits each before the next. Where the connection has ended, or more than
/// <see cref="MaxUnderWay"/> wait for their answers, the answer is <see cref="Refusal.Unavailable"/>.
/// </summary>
public sealed class ServiceChannels
{
    /// <summary>Commands of one connection that may wait for their answers.</summary>
    public const int MaxUnderWay = 1_024;

    private readonly ServicePeer _peer;

    internal ServiceChannels(ServicePeer peer) => _peer = peer;

    /// <summary>Says who the client is, once the service has found out: namespaces grant rights to users. Until then it is nobody in particular.</summary>
    public Task<Refusal> IdentifyAsync(Identity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return _peer.CommandAsync(Refusal.Unavailable, (session, answer) => answer.TrySetResult(session.Identify(session.App, identity)));
    }

    /// <summary>Subscribes the client to a channel; its events come behind the answer.</summary>
    /// <param name="channel">A name, of the service's app.</param>
    /// <param name="since">The last event that the client has seen, so that it gets what it missed; null for none.</param>
    public Task<SubscribeResult> SubscribeAsync(string channel, Position? since = null)
    {
        var name = Encoding.UTF8.GetBytes(channel);
        return _peer.CommandAsync(new SubscribeResult(Refusal.Unavailable, default, Recovered: false), (session, answer) =>
        {
            var refusal = session.Subscribe(session.Channel(name), new SubscribeRequest(Version: 0, since), answer);
            if (refusal != Refusal.None)
            {
                answer.TrySetResult(new SubscribeResult(refusal, default, Recovered: false));
            }
        });
    }

    /// <summary><see cref="Refusal.NotSubscribed"/> where there is nothing to end.</summary>
    public Task<Refusal> UnsubscribeAsync(string channel)
    {
        var name = Encoding.UTF8.GetBytes(channel);
        return _peer.CommandAsync(Refusal.Unavailable, (session, answer) =>
        {
            var refusal = session.Unsubscribe(session.Channel(name), answer);
            if (refusal != Refusal.None)
            {
                answer.TrySetResult(refusal);
            }
        });
    }

    /// <summary>Publishes an event; done when it is as safe as its channel's class promises.</summary>
    /// <param name="channel">A name, of the service's app.</param>
    /// <param name="name">The event's name; null for none.</param>
    /// <param name="data">Anything that becomes JSON.</param>
    /// <param name="echo">False: this client does not get it, even where it is subscribed.</param>
    /// <param name="key">An idempotency key, 1 to <see cref="IdempotencyKey.MaxBytes"/> bytes; null for none.</param>
    public Task<EmitResult> PublishAsync(string channel, string? name, object? data, bool echo = true, string? key = null)
    {
        var utf8 = Encoding.UTF8.GetBytes(channel);
        var json = ServiceJson.Write(data);
        return _peer.CommandAsync(EmitResult.Refused(Refusal.Unavailable), (session, answer) =>
        {
            var refusal = session.Emit(session.Channel(utf8), new EmitRequest(name, json, echo, key), answer);
            if (refusal != Refusal.None)
            {
                answer.TrySetResult(EmitResult.Refused(refusal));
            }
        });
    }
}
