using System.Buffers;
using System.Globalization;
using System.Text;
using Broker.Actors.Dialects.JsonRpc;
using Broker.Actors.Loops;
using Broker.Actors.Rooms;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>
/// Writes messages, all their members always there:
/// <code>
/// {"id":ID,"method":METHOD,"params":[VALUE,...]}        a request
/// {"id":null,"method":METHOD,"params":[VALUE,...]}      a notification
/// {"id":ID,"result":VALUE,"error":null}                 a response
/// {"id":ID,"result":null,"error":VALUE}                 one that tells an error
/// </code>
/// Of the channels that a service subscribes its client to:
/// <code>
/// {"id":null,"method":"event","params":[CHANNEL,NAME or null,DATA]}
/// {"id":null,"method":"broadcast","params":[CHANNEL,DATA]}
/// {"id":null,"method":"reset","params":[CHANNEL]}
/// {"id":null,"method":"unsubscribed","params":[CHANNEL,CODE,REASON]}
/// </code>
/// </summary>
internal static class JsonRpcWsWriter
{
    /// <param name="id">As JSON; empty for a notification.</param>
    /// <param name="method">The client's name for it.</param>
    /// <param name="parameters">Values that become JSON.</param>
    public static byte[] Call(ReadOnlySpan<byte> id, string method, ReadOnlySpan<object?> parameters)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        buffer.Write("{\"id\":"u8);
        buffer.Write(id.IsEmpty ? "null"u8 : id);
        buffer.Write(",\"method\":"u8);
        ServiceJson.Write(buffer, method);
        buffer.Write(",\"params\":["u8);
        for (var i = 0; i < parameters.Length; i++)
        {
            buffer.Write(i == 0 ? [] : ","u8);
            ServiceJson.Write(buffer, parameters[i]);
        }

        buffer.Write("]}"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <param name="id">As it came.</param>
    public static byte[] Response(ReadOnlySpan<byte> id, JsonRpcResult result)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        buffer.Write("{\"id\":"u8);
        buffer.Write(id);
        buffer.Write(",\"result\":"u8);
        ServiceJson.Write(buffer, result.Value);
        buffer.Write(",\"error\":"u8);
        ServiceJson.Write(buffer, result.ErrorValue);
        buffer.Write("}"u8);
        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] Number(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    public static void Event(PayloadWriter payload, ChannelEvent channelEvent)
    {
        Begin(payload, "event"u8, channelEvent.Channel);
        payload.Write(","u8);
        if (channelEvent.Name is { } name)
        {
            payload.WriteText(name);
        }
        else
        {
            payload.Write("null"u8);
        }

        payload.Write(","u8);
        payload.WriteJson(channelEvent.Data.Span);
        payload.Write("]}"u8);
    }

    public static void Broadcast(PayloadWriter payload, RoomNotice.Broadcast broadcast)
    {
        Begin(payload, "broadcast"u8, broadcast.Channel);
        payload.Write(","u8);
        payload.WriteJson(broadcast.Data.Span);
        payload.Write("]}"u8);
    }

    public static void Reset(PayloadWriter payload, RoomNotice.Reset reset)
    {
        Begin(payload, "reset"u8, reset.Channel);
        payload.Write("]}"u8);
    }

    public static void Unsubscribed(PayloadWriter payload, ChannelName channel, SubscriptionEnd reason)
    {
        Begin(payload, "unsubscribed"u8, channel);
        payload.Write(","u8);
        payload.WriteNumber(reason.Code);
        payload.Write(","u8);
        payload.WriteText(reason.Reason);
        payload.Write("]}"u8);
    }

    private static void Begin(PayloadWriter payload, ReadOnlySpan<byte> method, ChannelName channel)
    {
        payload.Write("{\"id\":null,\"method\":\""u8);
        payload.Write(method);
        payload.Write("\",\"params\":["u8);
        payload.WriteText(channel.Text);
    }
}
