using Broker.Actors.Loops;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Rooms;

/// <summary>
/// Encodes and frames one event or notice, once for all that share the encoding, into the log of the loop that it runs
/// on: the bytes are valid until that loop's tick ends.
/// </summary>
internal static class RoomEncoder
{
    [ThreadStatic]
    private static PayloadWriter? t_payload;

    /// <summary>Encodes an event; empty where the encoding shows nothing. False: the dialect has a bug, which has been logged.</summary>
    public static bool TryEncode(ChannelEvent channelEvent, in EncodingKey encoding, Loop loop, out FrameSlice frame)
    {
        frame = default;
        try
        {
            var payload = Payload();
            if (encoding.Dialect.Encode(channelEvent, encoding.Version, payload))
            {
                frame = Frame(payload, encoding.Framing, loop.Log);
            }

            return true;
        }
#pragma warning disable CA1031 // The edge of a dialect: its bug must not cost other encodings the event, nor the emitter its answer.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            loop.Report(encoding.Dialect, channelEvent, fault);
            return false;
        }
    }

    /// <summary>Encodes an event for those who follow its stream: a reset takes the place of one that cannot be encoded.</summary>
    public static FrameSlice EncodeOrReset(ChannelEvent channelEvent, in EncodingKey encoding, Loop loop) =>
        TryEncode(channelEvent, encoding, loop, out var frame)
            ? frame
            : Encode(new RoomNotice.Reset(channelEvent.Channel, channelEvent.Position), encoding, loop);

    /// <summary>Encodes a notice; empty where the encoding shows nothing, or the dialect has a bug, which has been logged.</summary>
    public static FrameSlice Encode(RoomNotice notice, in EncodingKey encoding, Loop loop)
    {
        try
        {
            var payload = Payload();
            return encoding.Dialect.Encode(notice, encoding.Version, payload) ? Frame(payload, encoding.Framing, loop.Log) : default;
        }
#pragma warning disable CA1031 // As above.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            loop.Report(encoding.Dialect, notice, fault);
            return default;
        }
    }

    private static PayloadWriter Payload()
    {
        var payload = t_payload ??= new PayloadWriter();
        payload.Clear();
        return payload;
    }

    private static FrameSlice Frame(PayloadWriter payload, IFraming framing, LoopLog log) =>
        log.Commit(framing.Frame(payload.WrittenSpan, FrameKind.Text, log.Reserve(framing.MaxSize(payload.WrittenCount))));
}
