using System.Buffers.Binary;
using System.Text;

namespace Broker.Messages.Cluster;

/// <summary>Reads what <see cref="WireWriter"/> wrote. What does not fit is an <see cref="InvalidDataException"/>, never a read beyond the end.</summary>
public ref struct WireReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> _rest = source;

    public readonly int Left => _rest.Length;

    public byte Byte() => Take(1)[0];

    public bool Bool() => Byte() switch
    {
        0 => false,
        1 => true,
        _ => throw new InvalidDataException("Neither yes nor no."),
    };

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public Incarnation Node() => new(new Guid(Take(16)));

    public string Text() => Encoding.UTF8.GetString(Take(UInt16()));

    public string? OptionalText() => Bool() ? Text() : null;

    public ReadOnlySpan<byte> Block() => Take(Int32());

    public Epoch Epoch() => new(unchecked((ulong)Int64()), Int64());

    public Position Position() => new(Epoch(), Int64());

    public ChannelName Channel() => new(Text(), Text());

    public ChannelEvent Event(ChannelName channel)
    {
        try
        {
            var read = EventCodec.Read(channel, _rest, out var size);
            _rest = _rest[size..];
            return read;
        }
        catch (ArgumentException fault)
        {
            throw new InvalidDataException("An event breaks off.", fault);
        }
    }

    /// <summary>A number of things of at least <paramref name="smallest"/> bytes each.</summary>
    public int Count(int smallest)
    {
        var count = Int32();
        return count >= 0 && (long)count * smallest <= _rest.Length
            ? count
            : throw new InvalidDataException("More things than bytes.");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _rest.Length)
        {
            throw new InvalidDataException("It breaks off.");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
