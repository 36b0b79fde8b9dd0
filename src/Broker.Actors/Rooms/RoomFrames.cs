using Broker.Actors.Loops;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Rooms;

/// <summary>One event or notice, encoded and framed once per encoding; shared by all loops, changed by none.</summary>
/// <param name="BySlot">By the encoding's slot in the node's room; null where it shows nothing.</param>
internal sealed record RoomFrames(byte[]?[] BySlot, SessionId? Except)
{
    [ThreadStatic]
    private static PayloadWriter? t_payload;

    [ThreadStatic]
    private static byte[]? t_frame;

    public static byte[]? Encode(ChannelEvent channelEvent, in EncodingKey encoding)
    {
        var payload = t_payload ??= new PayloadWriter();
        payload.Clear();
        return encoding.Dialect.Encode(channelEvent, encoding.Version, payload) ? Frame(payload, encoding.Framing) : null;
    }

    public static byte[]? Encode(RoomNotice notice, in EncodingKey encoding)
    {
        var payload = t_payload ??= new PayloadWriter();
        payload.Clear();
        return encoding.Dialect.Encode(notice, encoding.Version, payload) ? Frame(payload, encoding.Framing) : null;
    }

    private static byte[] Frame(PayloadWriter payload, IFraming framing)
    {
        var size = framing.MaxSize(payload.WrittenCount);
        if (t_frame is null || t_frame.Length < size)
        {
            t_frame = new byte[Math.Max(size, 4096)];
        }

        var length = framing.Frame(payload.WrittenSpan, FrameKind.Text, t_frame);
        var frame = t_frame.AsSpan(0, length).ToArray();
        if (t_frame.Length > 1 << 20)
        {
            t_frame = null;
        }

        return frame;
    }
}
