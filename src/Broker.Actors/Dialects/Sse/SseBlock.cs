using Broker.Actors.Dialects.JsonRpc;
using Broker.Actors.Dialects.Native;
using Broker.Actors.Loops;
using Broker.Actors.Rooms;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Dialects.Sse;

/// <summary>
/// Writes the blocks of an event stream. Events have no <c>event:</c> line, so that a browser's <c>onmessage</c> gets them:
/// <code>
/// id: E             data: {"channel":C,"event":N,"data":D,"epoch":"...","offset":N}
/// (none)            data: {"channel":C,"event":"broadcast","data":D}
/// id: E             event: subscribed     data: {"channel":C,"epoch":"...","offset":N,"recovered":BOOL}
/// id: E             event: reset          data: {"channel":C,"epoch":"...","offset":N}
/// (none)            event: unsubscribed   data: {"channel":C,"code":N,"reason":TEXT}
/// (none)            event: expiring       data: {"expiresInMs":N}
/// (none)            event: disconnect     data: {"code":N,"reason":TEXT,"mayReconnect":BOOL}
/// </code>
/// Where a block has an id it comes first, and is the entry of its channel alone; a client of several channels gets the
/// line of its own in its place. No block has an empty line but at its end.
/// </summary>
public static class SseBlock
{
    internal static void Event(PayloadWriter payload, ChannelEvent channelEvent)
    {
        Id(payload, channelEvent.Channel, channelEvent.Position);
        BeginData(payload, channelEvent.Channel);
        EventAndData(payload, channelEvent.Name ?? NativeNotification.Unnamed, channelEvent.Data.Span);
        payload.Write(","u8);
        NativeNotification.PositionMembers(payload, channelEvent.Position);
        payload.Write("}\n\n"u8);
    }

    internal static void Broadcast(PayloadWriter payload, RoomNotice.Broadcast broadcast)
    {
        BeginData(payload, broadcast.Channel);
        EventAndData(payload, "broadcast", broadcast.Data.Span);
        payload.Write("}\n\n"u8);
    }

    /// <param name="position">Where the client goes on: what it missed comes after it.</param>
    internal static void Subscribed(PayloadWriter payload, ChannelName channel, Position position, bool recovered)
    {
        Id(payload, channel, position);
        payload.Write("event: subscribed\n"u8);
        BeginData(payload, channel);
        NativeNotification.PositionMembers(payload, position);
        payload.Write(",\"recovered\":"u8);
        payload.WriteBool(recovered);
        payload.Write("}\n\n"u8);
    }

    internal static void Reset(PayloadWriter payload, ChannelName channel, Position position)
    {
        Id(payload, channel, position);
        payload.Write("event: reset\n"u8);
        BeginData(payload, channel);
        NativeNotification.PositionMembers(payload, position);
        payload.Write("}\n\n"u8);
    }

    internal static void Unsubscribed(PayloadWriter payload, ChannelName channel, SubscriptionEnd reason)
    {
        payload.Write("event: unsubscribed\n"u8);
        BeginData(payload, channel);
        payload.Write("\"code\":"u8);
        payload.WriteNumber(reason.Code);
        payload.Write(",\"reason\":"u8);
        payload.WriteText(reason.Reason);
        payload.Write("}\n\n"u8);
    }

    internal static void Expiring(PayloadWriter payload, long inMs)
    {
        payload.Write("event: expiring\ndata: {\"expiresInMs\":"u8);
        payload.WriteNumber(inMs);
        payload.Write("}\n\n"u8);
    }

    /// <summary>Says why the stream ends.</summary>
    public static void Disconnect(PayloadWriter payload, Disconnect reason)
    {
        payload.Write("event: disconnect\ndata: {\"code\":"u8);
        payload.WriteNumber(reason.Code);
        payload.Write(",\"reason\":"u8);
        payload.WriteText(reason.Reason);
        payload.Write(",\"mayReconnect\":"u8);
        payload.WriteBool(reason.MayReconnect);
        payload.Write("}\n\n"u8);
    }

    /// <summary>Says how long to wait before connecting again.</summary>
    public static void Retry(PayloadWriter payload, int milliseconds)
    {
        payload.Write("retry: "u8);
        payload.WriteNumber(milliseconds);
        payload.Write("\n\n"u8);
    }

    private static void Id(PayloadWriter payload, ChannelName channel, Position position)
    {
        payload.Write("id: "u8);
        SseCursor.WriteEntry(payload, channel, position);
        payload.Write("\n"u8);
    }

    private static void BeginData(PayloadWriter payload, ChannelName channel)
    {
        payload.Write("data: {\"channel\":"u8);
        payload.WriteText(channel.Text);
        payload.Write(","u8);
    }

    private static void EventAndData(PayloadWriter payload, string name, ReadOnlySpan<byte> data)
    {
        payload.Write("\"event\":"u8);
        payload.WriteText(name);
        payload.Write(",\"data\":"u8);
        if (data.IsEmpty)
        {
            payload.Write("null"u8);
        }

        // JSON has line ends between its tokens only; each begins a line of data, and comes back as a line end.
        while (data.IndexOfAny((byte)'\n', (byte)'\r') is >= 0 and var end)
        {
            payload.Write(data[..end]);
            payload.Write("\ndata: "u8);
            data = data[(end + 1)..];
        }

        payload.Write(data);
    }
}
