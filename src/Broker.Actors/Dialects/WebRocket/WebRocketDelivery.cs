using Broker.Actors.Dialects.JsonRpc;
using Broker.Actors.Dialects.Native;
using Broker.Actors.Loops;
using Broker.Messages;

namespace Broker.Actors.Dialects.WebRocket;

/// <summary>
/// Writes what subscribers get, the same in both versions:
/// <code>
/// {"event":E,"channel":C,"data":D}      "data" only where the emitter gave some
/// </code>
/// or, of a WebRocket client that said more than that, its arguments as they came.
/// </summary>
internal static class WebRocketDelivery
{
    public static void Event(PayloadWriter payload, ChannelEvent channelEvent)
    {
        if (channelEvent.Verbatim.IsEmpty)
        {
            Write(payload, channelEvent.Name ?? NativeNotification.Unnamed, channelEvent.Channel, channelEvent.Data.Span);
        }
        else
        {
            payload.Write(channelEvent.Verbatim.Span);
        }
    }

    public static void Write(PayloadWriter payload, string name, ChannelName channel, ReadOnlySpan<byte> data)
    {
        payload.Write("{\"event\":"u8);
        payload.WriteText(name);
        payload.Write(",\"channel\":"u8);
        payload.WriteText(channel.Text);
        if (!data.IsEmpty)
        {
            payload.Write(",\"data\":"u8);
            payload.Write(data);
        }

        payload.Write("}"u8);
    }
}
