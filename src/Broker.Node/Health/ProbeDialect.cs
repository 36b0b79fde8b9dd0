using System.Text;
using Broker.Actors.Channels;
using Broker.Actors.Dialects;
using Broker.Actors.Loops;
using Broker.Actors.Queries;
using Broker.Actors.Rights;
using Broker.Actors.Rooms;
using Broker.Actors.Sessions;
using Broker.Messages;
using Broker.Node.Apps;

namespace Broker.Node.Health;

/// <summary>What the node speaks with itself: a session subscribes to a channel of its own, and gets what is emitted there.</summary>
/// <param name="channel">In the node's own app.</param>
/// <param name="subscribed">Told when the channel's owner has taken the subscription, or why it was refused.</param>
internal sealed class ProbeDialect(string channel, Action<Refusal> subscribed) : IDialect
{
    /// <summary>Who probes: the node's own app is for backends only.</summary>
    public static Identity Caller { get; } = new Identity.Backend("health");

    public string Name => "probe";

    public bool Encode(ChannelEvent channelEvent, int version, PayloadWriter payload)
    {
        payload.Write(channelEvent.Data.Span);
        return true;
    }

    public bool Encode(RoomNotice notice, int version, PayloadWriter payload) => false;

    public IDialectSession Open(ISessionContext session) => new Session(session, channel, subscribed);

    private sealed class Session(ISessionContext session, string channel, Action<Refusal> subscribed) : IDialectSession
    {
        /// <summary>The probe sends one message, once the session is open.</summary>
        public void Received(ReadOnlySpan<byte> payload, FrameKind kind)
        {
            session.Identify(AppDirectory.Own, Caller);
            var refusal = session.Subscribe(session.Channel(Encoding.UTF8.GetBytes(channel)), new SubscribeRequest(Version: 0), call: null);
            if (refusal != Refusal.None)
            {
                subscribed(refusal);
            }
        }

        public void Subscribed(ChannelName channel, object? call, in SubscribeResult result) =>
            subscribed(result.Refusal);

        public void Unsubscribed(ChannelName channel, object call)
        {
        }

        public void Emitted(object call, in EmitResult result)
        {
        }

        public void History(object call, HistoryPage page)
        {
        }

        public void Presence(object call, PresencePage page)
        {
        }

        public void Asked(object call, NodeAnswer answer)
        {
        }

        public void Closed() => subscribed(Refusal.Unavailable);
    }
}
