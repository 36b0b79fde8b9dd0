using Broker.Actors.Channels;
using Broker.Actors.Queries;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Dialects.Echo;

/// <summary>It gives no command, so nothing but messages ever comes.</summary>
internal sealed class EchoSession(ISessionContext session) : IDialectSession
{
    public void Received(ReadOnlySpan<byte> payload, FrameKind kind) => session.Send(payload, kind);

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
