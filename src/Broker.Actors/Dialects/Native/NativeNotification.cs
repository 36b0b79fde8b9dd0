using Broker.Actors.Dialects.JsonRpc;
using Broker.Actors.Loops;
using Broker.Actors.Rooms;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Dialects.Native;

/// <summary>
/// Writes what subscribers are told:
/// <code>
/// {"jsonrpc":"2.0","method":"event","params":{"channel":C,"event":E,"data":D,"epoch":"...","offset":N}}
/// {"jsonrpc":"2.0","method":"event","params":{"channel":C,"event":"broadcast","data":D}}
/// {"jsonrpc":"2.0","method":"joined","params":{"channel":C,"user":U,"info":I}}
/// {"jsonrpc":"2.0","method":"left","params":{"channel":C,"user":U}}
/// {"jsonrpc":"2.0","method":"unsubscribed","params":{"channel":C,"code":N,"reason":TEXT}}
/// {"jsonrpc":"2.0","method":"reset","params":{"channel":C,"epoch":"...","offset":N}}
/// {"jsonrpc":"2.0","method":"unsubscribed","params":{"channel":C,"code":N,"reason":R}}
/// {"jsonrpc":"2.0","method":"expiring","params":{"channel":C,"expiresInMs":N}}     a subscription's proof
/// {"jsonrpc":"2.0","method":"expiring","params":{"expiresInMs":N}}                 the connection's token
/// </code>
/// </summary>
internal static class NativeNotification
{
    /// <summary>The name of events that were emitted without one.</summary>
    public const string Unnamed = "message";

    public static void Event(PayloadWriter payload, ChannelEvent channelEvent)
    {
        Begin(payload, "event"u8, channelEvent.Channel);
        EventMembers(payload, channelEvent);
        End(payload);
    }

    /// <summary>An event's members but its channel, as notifications and history show them.</summary>
    public static void EventMembers(PayloadWriter payload, ChannelEvent channelEvent)
    {
        payload.Write("\"event\":"u8);
        payload.WriteText(channelEvent.Name ?? Unnamed);
        payload.Write(",\"data\":"u8);
        payload.WriteJson(channelEvent.Data.Span);
        payload.Write(","u8);
        PositionMembers(payload, channelEvent.Position);
    }

    public static void PositionMembers(PayloadWriter payload, Position position)
    {
        payload.Write("\"epoch\":"u8);
        payload.WriteEpoch(position.Epoch);
        payload.Write(",\"offset\":"u8);
        payload.WriteNumber(position.Offset);
    }

    public static void Broadcast(PayloadWriter payload, RoomNotice.Broadcast broadcast)
    {
        Begin(payload, "event"u8, broadcast.Channel);
        payload.Write("\"event\":\"broadcast\",\"data\":"u8);
        payload.WriteJson(broadcast.Data.Span);
        End(payload);
    }

    public static void Joined(PayloadWriter payload, RoomNotice.MemberJoined joined)
    {
        Begin(payload, "joined"u8, joined.Channel);
        payload.Write("\"user\":"u8);
        payload.WriteText(joined.Member.UserId);
        payload.Write(",\"info\":"u8);
        payload.WriteJson(joined.Member.Info.Span);
        End(payload);
    }

    public static void Left(PayloadWriter payload, RoomNotice.MemberLeft left)
    {
        Begin(payload, "left"u8, left.Channel);
        payload.Write("\"user\":"u8);
        payload.WriteText(left.UserId);
        End(payload);
    }

    public static void Reset(PayloadWriter payload, RoomNotice.Reset reset)
    {
        Begin(payload, "reset"u8, reset.Channel);
        PositionMembers(payload, reset.Position);
        End(payload);
    }

    public static void Unsubscribed(PayloadWriter payload, ChannelName channel, SubscriptionEnd reason)
    {
        Begin(payload, "unsubscribed"u8, channel);
        payload.Write("\"code\":"u8);
        payload.WriteNumber(reason.Code);
        payload.Write(",\"reason\":"u8);
        payload.WriteText(reason.Reason);
        End(payload);
    }

    public static void Expiring(PayloadWriter payload, ChannelName? channel, long inMs)
    {
        if (channel is { } proven)
        {
            Begin(payload, "expiring"u8, proven);
        }
        else
        {
            payload.Write("{\"jsonrpc\":\"2.0\",\"method\":\"expiring\",\"params\":{"u8);
        }

        payload.Write("\"expiresInMs\":"u8);
        payload.WriteNumber(inMs);
        End(payload);
    }

    private static void Begin(PayloadWriter payload, ReadOnlySpan<byte> method, ChannelName channel)
    {
        payload.Write("{\"jsonrpc\":\"2.0\",\"method\":\""u8);
        payload.Write(method);
        payload.Write("\",\"params\":{\"channel\":"u8);
        payload.WriteText(channel.Text);
        payload.Write(","u8);
    }

    private static void End(PayloadWriter payload) => payload.Write("}}"u8);
}
