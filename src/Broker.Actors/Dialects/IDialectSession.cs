using Broker.Actors.Channels;
using Broker.Actors.Queries;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Dialects;

/// <summary>
/// What a dialect keeps of one connection. Every call comes on the connection's loop, one at a time, and must not wait. A <c>call</c> is
/// whatever the dialect gave with the command: it is answered once, unless the connection closes before. Where the dialect
/// gave null, nothing is answered but a subscribe. An exception is a bug of the dialect: it is logged, and closes this connection
/// alone with <see cref="Disconnect.InternalError"/>. What a dialect does not want to know it leaves out.
/// </summary>
public interface IDialectSession
{
    /// <summary>
    /// The connection is open: the first moment for commands, which may be answered before they return. Called once, first;
    /// while <see cref="IDialect.Open"/> runs only <see cref="ISessionContext.Send"/> is allowed.
    /// </summary>
    void Opened()
    {
    }

    /// <summary>One whole message of the client; the span is valid during the call only. Text is valid UTF-8.</summary>
    void Received(ReadOnlySpan<byte> payload, FrameKind kind);

    /// <summary>A subscribe was taken or refused. Right after it what was missed is sent, then every later event.</summary>
    void Subscribed(ChannelName channel, object? call, in SubscribeResult result)
    {
    }

    /// <summary>An unsubscribe has been counted by the channel's owner. Nothing of the channel comes any more.</summary>
    void Unsubscribed(ChannelName channel, object call)
    {
    }

    /// <summary>What became of an emit. The emitter's own copy, where it gets one, was sent before.</summary>
    void Emitted(object call, in EmitResult result)
    {
    }

    /// <summary>The answer to <see cref="ISessionContext.History"/>.</summary>
    void History(object call, HistoryPage page)
    {
    }

    /// <summary>The answer to <see cref="ISessionContext.Presence"/>.</summary>
    void Presence(object call, PresencePage page)
    {
    }

    /// <summary>The answer to <see cref="ISessionContext.Ask"/>.</summary>
    void Asked(object call, NodeAnswer answer)
    {
    }

    /// <summary>What was given to <see cref="ISessionContext.Post"/>.</summary>
    void Posted(object message)
    {
    }

    /// <summary>The broker ended a subscription. Nothing of the channel comes any more.</summary>
    void Ended(ChannelName channel, SubscriptionEnd reason)
    {
    }

    /// <summary>
    /// What the client proved expires soon. Without a newer proof the session is closed then, with
    /// <see cref="Disconnect.Expired"/>, or the subscription ended, with <see cref="SubscriptionEnd.Expired"/>.
    /// </summary>
    /// <param name="channel">The subscription's; null for the session's identity.</param>
    void Expiring(ChannelName? channel, long expiresAtMs)
    {
    }

    /// <summary>The node goes down: nothing more is read of this client, and it is closed once its calls are answered.</summary>
    void Leaving()
    {
    }

    /// <summary>The connection is gone; commands do nothing any more. Called once, last.</summary>
    void Closed()
    {
    }
}
