using Broker.Actors.Loops;
using Broker.Actors.Queries;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Dialects;

/// <summary>
/// What a dialect can do for its connection, on the connection's loop. Commands are refused at once by a value, or taken
/// and answered later through <see cref="IDialectSession"/>; an emit and what follows it keep their order per channel.
/// </summary>
public interface ISessionContext
{
    SessionId Id { get; }

    ConnectionInfo Connection { get; }

    /// <summary>The app whose channels this session means.</summary>
    string App { get; }

    Identity Identity { get; }

    /// <summary>Milliseconds since 1970, as of this tick.</summary>
    long UnixMs { get; }

    /// <summary>A cleared buffer for writing one message; valid until the next use on this loop.</summary>
    PayloadWriter Scratch();

    /// <summary>Sends one message.</summary>
    void Send(ReadOnlySpan<byte> payload, FrameKind kind = FrameKind.Text);

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

    Refusal Subscribe(ChannelName channel, in SubscribeRequest request, object? call);

    /// <summary>Renews the proof that a subscription was taken with, or gives it one.</summary>
    Refusal Prove(ChannelName channel, long untilMs);

    /// <summary><see cref="Refusal.NotSubscribed"/> where there is nothing to end. A call is answered once the owner has counted it.</summary>
    Refusal Unsubscribe(ChannelName channel, object? call);

    /// <summary>Sends an event to the channel's owner. When it cannot be taken now, the session's reading stops until it can, 3 s at most.</summary>
    Refusal Emit(ChannelName channel, in EmitRequest request, object? call);

    /// <param name="since">Where to start; null for the window's end that the direction starts at.</param>
    /// <param name="limit">Events at most; 0 for the position only.</param>
    /// <param name="proven">True when the client brought a valid proof for this very channel.</param>
    Refusal History(ChannelName channel, Position? since, int limit, bool backward, object call, bool proven = false);

    /// <inheritdoc cref="History"/>
    Refusal Presence(ChannelName channel, object call, bool proven = false);

    /// <summary>Asks all live nodes; answered within a second. For backends: others get <see cref="NodeAnswer.Refused"/>.</summary>
    void Ask(NodeQuery query, object call);

    /// <summary>Counts that the client ran into a limit that the dialect keeps.</summary>
    void Met(Limit limit)
    {
    }
}
