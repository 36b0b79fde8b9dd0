using Broker.Actors.Channels;
using Broker.Actors.Dialects;
using Broker.Actors.Loops;
using Broker.Actors.Queries;
using Broker.Actors.Rooms;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Benchmarks.Core;

/// <summary>The least a dialect can do: an event is its data. Leaves the core's own work to be measured.</summary>
internal sealed class PlainDialect : IDialect
{
    public string Name => "plain";

    public bool Encode(ChannelEvent channelEvent, int version, PayloadWriter payload)
    {
        payload.Write(channelEvent.Data.Span);
        return true;
    }

    public bool Encode(RoomNotice notice, int version, PayloadWriter payload) => false;

    public IDialectSession Open(ISessionContext session) => new Session();

    private sealed class Session : IDialectSession
    {
        public void Received(ReadOnlySpan<byte> payload, FrameKind kind)
        {
        }

        public void Subscribed(ChannelName channel, object? call, in SubscribeResult result)
        {
        }

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

        public void Closed()
        {
        }
    }
}
