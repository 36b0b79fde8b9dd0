using Broker.Actors.Loops;
using Broker.Actors.Rooms;
using Broker.Messages;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>JSON-RPC 1.0 for one service of this node, as jsonrpcws spoke it: see docs/jsonrpc.md.</summary>
public sealed class JsonRpcWsDialect(ServiceDefinition service, JsonRpcWsOptions options, TimeProvider time, ILogger logger) : IDialect
{
    public const string DialectName = "jsonrpc";

    public string Name => DialectName;

    public bool Encode(ChannelEvent channelEvent, int version, PayloadWriter payload)
    {
        JsonRpcWsWriter.Event(payload, channelEvent);
        return true;
    }

    public bool Encode(RoomNotice notice, int version, PayloadWriter payload)
    {
        switch (notice)
        {
            case RoomNotice.Broadcast broadcast: JsonRpcWsWriter.Broadcast(payload, broadcast); return true;
            case RoomNotice.Reset reset: JsonRpcWsWriter.Reset(payload, reset); return true;
            default: return false;
        }
    }

    public IDialectSession Open(ISessionContext session)
    {
        var peer = new ServicePeer(session, options, service.Peers, time);
        return new JsonRpcWsSession(session, options, peer, new ServiceWorker(service, peer, options, time, logger));
    }
}
