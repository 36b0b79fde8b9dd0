using Broker.Actors.Dialects.JsonRpc;
using Broker.Actors.Loops;
using Broker.Actors.Rooms;
using Broker.Actors.Tokens;
using Broker.Messages;

namespace Broker.Actors.Dialects.Native;

/// <summary>The broker's own dialect, JSON-RPC 2.0 with everything that the core can: see docs/native.md.</summary>
/// <param name="tokens">Whose tokens each app takes; null where none does.</param>
public sealed class NativeDialect(NativeOptions options, AppTokens? tokens = null) : IDialect
{
    private readonly JsonRpcLimits _limits = new(options.JsonDepth, options.BatchRequests, options.OwedReplies);
    private readonly AppTokens _tokens = tokens ?? new AppTokens();
    private readonly EventNames _names = new();

    public string Name => "native";

    public bool Encode(ChannelEvent channelEvent, int version, PayloadWriter payload)
    {
        NativeNotification.Event(payload, channelEvent);
        return true;
    }

    public bool Encode(RoomNotice notice, int version, PayloadWriter payload)
    {
        switch (notice)
        {
            case RoomNotice.Broadcast broadcast: NativeNotification.Broadcast(payload, broadcast); return true;
            case RoomNotice.Reset reset: NativeNotification.Reset(payload, reset); return true;
            case RoomNotice.MemberJoined joined when version == NativeView.Members: NativeNotification.Joined(payload, joined); return true;
            case RoomNotice.MemberLeft left when version == NativeView.Members: NativeNotification.Left(payload, left); return true;
            default: return false;
        }
    }

    public IDialectSession Open(ISessionContext session) => new NativeSession(session, _limits, options, _tokens, _names);
}
