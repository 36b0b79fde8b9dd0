using Broker.Actors.Dialects.JsonRpc;
using Broker.Actors.Loops;
using Broker.Actors.Rooms;
using Broker.Messages;

namespace Broker.Actors.Dialects.RocketWs;

/// <summary>RocketWS for its WebSocket clients, releases 0.1 and 0.2: see docs/rocketws.md.</summary>
public sealed class RocketWsDialect(RocketWsOptions options) : IDialect
{
    private readonly RocketWsVersion _version = RocketWsVersions.Parse(options.Version);
    private readonly JsonRpcLimits _limits = new(options.JsonDepth, options.BatchRequests, options.OwedReplies);

    public string Name => "rocketws";

    public bool Encode(ChannelEvent channelEvent, int version, PayloadWriter payload)
    {
        RocketWsPush.Write(payload, channelEvent.Data.Span, (RocketWsVersion)version, "message"u8, channelEvent.AtMs);
        return true;
    }

    public bool Encode(RoomNotice notice, int version, PayloadWriter payload)
    {
        if (notice is not RoomNotice.Broadcast broadcast)
        {
            return false;
        }

        RocketWsPush.Write(payload, broadcast.Data.Span, (RocketWsVersion)version, "broadcast"u8, broadcast.AtMs);
        return true;
    }

    public IDialectSession Open(ISessionContext session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new RocketWsSession(session, _limits, RocketWsVersions.Find(session.Connection.Query, _version));
    }
}
