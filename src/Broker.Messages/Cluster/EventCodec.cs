using System.Buffers.Binary;
using System.Text;

namespace Broker.Messages.Cluster;

/// <summary>
/// An event as bytes, between nodes, in windows and on disk. The channel is not in it: whoever keeps or sends it knows
/// for which channel it is. All numbers are little-endian.
/// <code>
/// event := length:u32 version:u8 flags:u8 life:u64 term:i64 previousTerm:i64 offset:i64 atMs:i64
///          [from: uuid number:i64]            flag 1
///          [except: uuid number:i64]          flag 2
///          [name: text]                       flag 4
///          [key: publisher:text key:text]     flag 8
///          [verbatim: length:u32 bytes]       flag 16
///          data: the rest
/// text  := length:u16 utf8
/// </code>
/// <c>length</c> counts the bytes after itself.
/// </summary>
public static class EventCodec
{
    /// <summary>The version that is written; every version ever released is read.</summary>
    public const byte Version = 1;

    private const int FixedSize = 4 + 1 + 1 + 8 * 5;
    private const byte HasFrom = 1;
    private const byte HasExcept = 2;
    private const byte HasName = 4;
    private const byte HasKey = 8;
    private const byte HasVerbatim = 16;

    /// <summary>The exact number of bytes that <see cref="Write"/> will write.</summary>
    public static int Size(ChannelEvent value) =>
        FixedSize
        + (value.From.Number != 0 ? 24 : 0)
        + (value.Except is null ? 0 : 24)
        + (value.Name is null ? 0 : 2 + Encoding.UTF8.GetByteCount(value.Name))
        + (value.Key is { } key ? 4 + Encoding.UTF8.GetByteCount(key.Publisher) + Encoding.UTF8.GetByteCount(key.Key) : 0)
        + (value.Verbatim.IsEmpty ? 0 : 4 + value.Verbatim.Length)
        + value.Data.Length;

    /// <summary>Writes the event to the front of <paramref name="destination"/>; returns the bytes written.</summary>
    public static int Write(ChannelEvent value, Span<byte> destination)
    {
        var flags = (byte)((value.From.Number != 0 ? HasFrom : 0)
            | (value.Except is null ? 0 : HasExcept)
            | (value.Name is null ? 0 : HasName)
            | (value.Key is null ? 0 : HasKey)
            | (value.Verbatim.IsEmpty ? 0 : HasVerbatim));
        destination[4] = Version;
        destination[5] = flags;
        BinaryPrimitives.WriteUInt64LittleEndian(destination[6..], value.Epoch.Life);
        BinaryPrimitives.WriteInt64LittleEndian(destination[14..], value.Epoch.Term);
        BinaryPrimitives.WriteInt64LittleEndian(destination[22..], value.PreviousTerm);
        BinaryPrimitives.WriteInt64LittleEndian(destination[30..], value.Offset);
        BinaryPrimitives.WriteInt64LittleEndian(destination[38..], value.AtMs);
        var at = FixedSize;
        if (value.From.Number != 0)
        {
            WriteId(value.From.Node, value.From.Number, destination, ref at);
        }

        if (value.Except is { } except)
        {
            WriteId(except.Node, except.Number, destination, ref at);
        }

        if (value.Name is not null)
        {
            WriteText(value.Name, destination, ref at);
        }

        if (value.Key is { } key)
        {
            WriteText(key.Publisher, destination, ref at);
            WriteText(key.Key, destination, ref at);
        }

        if (!value.Verbatim.IsEmpty)
        {
            BinaryPrimitives.WriteInt32LittleEndian(destination[at..], value.Verbatim.Length);
            value.Verbatim.Span.CopyTo(destination[(at + 4)..]);
            at += 4 + value.Verbatim.Length;
        }

        value.Data.Span.CopyTo(destination[at..]);
        at += value.Data.Length;
        BinaryPrimitives.WriteInt32LittleEndian(destination, at - 4);
        return at;
    }

    /// <summary>The offset and the whole size of the event at the front of <paramref name="source"/>.</summary>
    public static (long Offset, long AtMs, int Size) Peek(ReadOnlySpan<byte> source) =>
        (BinaryPrimitives.ReadInt64LittleEndian(source[30..]),
         BinaryPrimitives.ReadInt64LittleEndian(source[38..]),
         BinaryPrimitives.ReadInt32LittleEndian(source) + 4);

    /// <summary>Reads the event at the front of <paramref name="source"/>, copying its data.</summary>
    /// <exception cref="InvalidDataException">Not an event, or one of a later version.</exception>
    public static ChannelEvent Read(ChannelName channel, ReadOnlySpan<byte> source, out int size)
    {
        if (source.Length < FixedSize || source[4] != Version)
        {
            throw new InvalidDataException("Not an event of a version that this release reads.");
        }

        size = BinaryPrimitives.ReadInt32LittleEndian(source) + 4;
        if (size < FixedSize || size > source.Length)
        {
            throw new InvalidDataException("An event's length is wrong.");
        }

        source = source[..size];
        var flags = source[5];
        if ((flags & ~(HasFrom | HasExcept | HasName | HasKey | HasVerbatim)) != 0)
        {
            throw new InvalidDataException("An event has parts that this release does not know.");
        }

        var at = FixedSize;
        EmitId from = default;
        if ((flags & HasFrom) != 0)
        {
            var (node, number) = ReadId(source, ref at);
            from = new EmitId(node, number);
        }

        SessionId? except = null;
        if ((flags & HasExcept) != 0)
        {
            var (node, number) = ReadId(source, ref at);
            except = new SessionId(node, number);
        }

        var name = (flags & HasName) != 0 ? ReadText(source, ref at) : null;
        IdempotencyKey? key = (flags & HasKey) != 0
            ? new IdempotencyKey(ReadText(source, ref at), ReadText(source, ref at))
            : null;
        var verbatim = (flags & HasVerbatim) != 0 ? ReadBlock(source, ref at) : [];
        return new ChannelEvent
        {
            Channel = channel,
            Epoch = new Epoch(
                BinaryPrimitives.ReadUInt64LittleEndian(source[6..]),
                BinaryPrimitives.ReadInt64LittleEndian(source[14..])),
            PreviousTerm = BinaryPrimitives.ReadInt64LittleEndian(source[22..]),
            Offset = BinaryPrimitives.ReadInt64LittleEndian(source[30..]),
            AtMs = BinaryPrimitives.ReadInt64LittleEndian(source[38..]),
            From = from,
            Except = except,
            Name = name,
            Key = key,
            Verbatim = verbatim,
            Data = source[at..].ToArray(),
        };
    }

    private static byte[] ReadBlock(ReadOnlySpan<byte> source, ref int at)
    {
        if (source.Length - at < 4 || BinaryPrimitives.ReadInt32LittleEndian(source[at..]) is var length && (length < 0 || source.Length - at - 4 < length))
        {
            throw new InvalidDataException("An event ends within what its emitter wrote.");
        }

        var block = source.Slice(at + 4, length).ToArray();
        at += 4 + length;
        return block;
    }

    private static void WriteId(Incarnation node, long number, Span<byte> destination, ref int at)
    {
        node.Value.TryWriteBytes(destination[at..]);
        BinaryPrimitives.WriteInt64LittleEndian(destination[(at + 16)..], number);
        at += 24;
    }

    private static (Incarnation Node, long Number) ReadId(ReadOnlySpan<byte> source, ref int at)
    {
        if (source.Length - at < 24)
        {
            throw new InvalidDataException("An event ends within an id.");
        }

        var node = new Incarnation(new Guid(source.Slice(at, 16)));
        var number = BinaryPrimitives.ReadInt64LittleEndian(source[(at + 16)..]);
        at += 24;
        return (node, number);
    }

    private static void WriteText(string text, Span<byte> destination, ref int at)
    {
        var length = Encoding.UTF8.GetBytes(text, destination[(at + 2)..]);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[at..], checked((ushort)length));
        at += 2 + length;
    }

    private static string ReadText(ReadOnlySpan<byte> source, ref int at)
    {
        if (source.Length - at < 2 || BinaryPrimitives.ReadUInt16LittleEndian(source[at..]) is var length && source.Length - at - 2 < length)
        {
            throw new InvalidDataException("An event ends within a text.");
        }

        var text = Encoding.UTF8.GetString(source.Slice(at + 2, length));
        at += 2 + length;
        return text;
    }
}
