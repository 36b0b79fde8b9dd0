using Broker.Actors.Loops;
using Broker.Actors.Rooms;
using Broker.Messages;

namespace Broker.Actors.Dialects.Sse;

/// <summary>Server-sent events, read only: see docs/sse.md. Its connections are <see cref="SseRequest"/>s.</summary>
public sealed class SseDialect : IDialect
{
    public string Name => "sse";

    public bool Encode(ChannelEvent channelEvent, int version, PayloadWriter payload)
    {
        SseBlock.Event(payload, channelEvent);
        return true;
    }

    public bool Encode(RoomNotice notice, int version, PayloadWriter payload)
    {
        switch (notice)
        {
            case RoomNotice.Broadcast broadcast: SseBlock.Broadcast(payload, broadcast); return true;
            case RoomNotice.Reset reset: SseBlock.Reset(payload, reset.Channel, reset.Position); return true;
            default: return false;
        }
    }

    public IDialectSession Open(ISessionContext session) => new SseSession(session, (SseRequest)session.Connection);
}
