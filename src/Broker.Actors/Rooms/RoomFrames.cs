using Broker.Actors.Loops;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Rooms;

/// <summary>One event or notice, encoded and framed once per encoding; shared by all loops, changed by none.</summary>
/// <param name="BySlot">By the encoding's slot in the node's room; null where it shows nothing.</param>
/// <param name="ReceivedAt">When this node read the event's emit, by the clock of its loops; 0 for what it did not read.</param>
internal sealed record RoomFrames(byte[]?[] BySlot, SessionId? Except, long ReceivedAt = 0)
{
    [ThreadStatic]
    private static PayloadWriter? t_payload;

    [ThreadStatic]
    private static byte[]? t_frame;

    /// <summary>Encodes an event; null where the encoding shows nothing. False: the dialect has a bug, which has been logged.</summary>
    public static bool TryEncode(ChannelEvent channelEvent, in EncodingKey encoding, Loop loop, out byte[]? frame)
    {
        try
        {
            var payload = t_payload ??= new PayloadWriter();
            payload.Clear();
            frame = encoding.Dialect.Encode(channelEvent, encoding.Version, payload) ? Frame(payload, encoding.Framing) : null;
            return true;
        }
#pragma warning disable CA1031 // The edge of a dialect: its bug must not cost other encodings the event, nor the emitter its answer.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            loop.Report(encoding.Dialect, channelEvent, fault);
            frame = null;
            return false;
        }
    }

    /// <summary>Encodes an event for those who follow its stream: a reset takes the place of one that cannot be encoded.</summary>
    public static byte[]? EncodeOrReset(ChannelEvent channelEvent, in EncodingKey encoding, Loop loop) =>
        TryEncode(channelEvent, encoding, loop, out var frame)
            ? frame
            : TryEncode(new RoomNotice.Reset(channelEvent.Channel, channelEvent.Position), encoding, loop);

    /// <summary>Encodes a notice; null where the encoding shows nothing, or the dialect has a bug, which has been logged.</summary>
    public static byte[]? TryEncode(RoomNotice notice, in EncodingKey encoding, Loop loop)
    {
        try
        {
            var payload = t_payload ??= new PayloadWriter();
            payload.Clear();
            return encoding.Dialect.Encode(notice, encoding.Version, payload) ? Frame(payload, encoding.Framing) : null;
        }
#pragma warning disable CA1031 // As above.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            loop.Report(encoding.Dialect, notice, fault);
            return null;
        }
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
