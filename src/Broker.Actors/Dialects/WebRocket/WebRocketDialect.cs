using Broker.Actors.Dialects.Native;
using Broker.Actors.Loops;
using Broker.Actors.Rooms;
using Broker.Messages;

namespace Broker.Actors.Dialects.WebRocket;

/// <summary>WebRocket of September 2011 to May 2012, versions 1 and 2, for one hub: see docs/webrocket.md.</summary>
public sealed class WebRocketDialect(WebRocketHub hub) : IDialect
{
    private readonly EventNames _names = new();

    public string Name => "webrocket";

    public bool Encode(ChannelEvent channelEvent, int version, PayloadWriter payload)
    {
        WebRocketDelivery.Event(payload, channelEvent);
        return true;
    }

    public bool Encode(RoomNotice notice, int version, PayloadWriter payload)
    {
        if (notice is not RoomNotice.Broadcast broadcast)
        {
            return false;
        }

        WebRocketDelivery.Write(payload, "broadcast", broadcast.Channel, broadcast.Data.Span);
        return true;
    }

    public IDialectSession Open(ISessionContext session) => new WebRocketSession(session, hub, _names);
}
