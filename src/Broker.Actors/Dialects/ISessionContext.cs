using Broker.Actors.Loops;
using Broker.Actors.Queries;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Dialects;

/// <summary>
/// What a dialect can do for its connection, on the connection's loop; only <see cref="Post"/> is for other threads. Commands are
/// refused at once by a value, or taken and answered later through <see cref="IDialectSession"/>; an emit and what follows it keep
/// their order per channel. Nothing here waits, and nothing that waits may be called on the loop: what takes time runs
/// elsewhere and comes back by <see cref="Post"/>.
/// </summary>
public interface ISessionContext
{
    /// <summary>Unlike any other session's, on any node, ever.</summary>
    SessionId Id { get; }

    /// <summary>Where the client comes from and what it asked for: address, path, query, origin.</summary>
    ConnectionInfo Connection { get; }

    /// <summary>The app whose channels this session means.</summary>
    string App { get; }

    /// <summary>Who the client is, as far as <see cref="Identify"/> has said; nobody in particular before.</summary>
    Identity Identity { get; }

    /// <summary>Milliseconds since 1970, as of this tick.</summary>
    long UnixMs { get; }

    /// <summary>A cleared buffer for writing one message; valid until the next use on this loop.</summary>
    PayloadWriter Scratch();

    /// <summary>
    /// Sends one message, behind those sent before. The bytes are copied. A client that does not take what is sent to it, <c>Broker:Limits:OutboxBytes</c>, is closed
    /// as slow. Nothing happens once the session is closing.
    /// </summary>
    void Send(ReadOnlySpan<byte> payload, FrameKind kind = FrameKind.Text);

    /// <summary>
    /// Sends what has been sent before, then closes with the reason's code; <see cref="IDialectSession.Closed"/> follows once the connection is gone, a few seconds later
    /// at most. Messages that come meanwhile are let go.
    /// </summary>
    void Close(Disconnect reason);

    /// <summary>
    /// Says who the session is from now on. The app can change only while nothing is subscribed. Who expires stays the same
    /// user of the same app, and is only renewed. Subscriptions that the new identity does not allow are ended, unless the dialect's
    /// clients keep them.
    /// </summary>
    Refusal Identify(string app, Identity identity, bool keepSubscriptions = false);

    /// <summary>A channel of the session's app. Names that come often are not built anew.</summary>
    ChannelName Channel(ReadOnlySpan<byte> utf8);

    /// <summary>True from the moment that a subscribe was taken, before it is answered, until an unsubscribe is.</summary>
    bool IsSubscribed(ChannelName channel);

    /// <summary>
    /// Subscribes; <see cref="Refusal.None"/> where it was taken, and then <see cref="IDialectSession.Subscribed"/> answers, before any event, whether the call is null or not.
    /// Events come in order, none twice and none missing behind the position that it tells.
    /// </summary>
    Refusal Subscribe(ChannelName channel, in SubscribeRequest request, object? call);

    /// <summary>Renews the proof that a subscription was taken with, or gives it one.</summary>
    Refusal Prove(ChannelName channel, long untilMs);

    /// <summary><see cref="Refusal.NotSubscribed"/> where there is nothing to end. A call is answered once the owner has counted it.</summary>
    Refusal Unsubscribe(ChannelName channel, object? call);

    /// <summary>Sends an event to the channel's owner. When it cannot be taken now, the session's reading stops until it can, 3 s at most.</summary>
    Refusal Emit(ChannelName channel, in EmitRequest request, object? call);

    /// <summary>Reads what has been in a channel; answered by <see cref="IDialectSession.History"/>.</summary>
    /// <param name="since">Where to start; null for the window's end that the direction starts at.</param>
    /// <param name="limit">Events at most; 0 for the position only.</param>
    /// <param name="proven">True when the client brought a valid proof for this very channel.</param>
    Refusal History(ChannelName channel, Position? since, int limit, bool backward, object call, bool proven = false);

    /// <summary>Asks who is present in a channel; answered by <see cref="IDialectSession.Presence"/>.</summary>
    /// <param name="proven">True when the client brought a valid proof for this very channel.</param>
    Refusal Presence(ChannelName channel, object call, bool proven = false);

    /// <summary>Asks all live nodes; answered within a second. For backends: others get <see cref="NodeAnswer.Refused"/>.</summary>
    void Ask(NodeQuery query, object call);

    /// <summary>Counts that the client ran into a limit that the dialect keeps.</summary>
    void Met(Limit limit)
    {
    }

    /// <summary>
    /// Has <see cref="IDialectSession.Posted"/> called on the connection's loop; from any thread, first in first out per sender. Dropped
    /// once the connection is closed. What waits for the loop is not bounded here but by whoever posts.
    /// </summary>
    void Post(object message);

    /// <summary>
    /// Reads no more messages of the client while <paramref name="hold"/> is true, so that it feels a limit that the dialect keeps; what
    /// it has sent is kept. Said again it changes nothing.
    /// </summary>
    void HoldReading(bool hold)
    {
    }

    /// <summary>
    /// The dialect has taken a request of the client that it answers later by itself. Who is asked to leave goes once each has its
    /// <see cref="EndCall"/>.
    /// </summary>
    void BeginCall()
    {
    }

    /// <inheritdoc cref="BeginCall"/>
    void EndCall()
    {
    }
}
