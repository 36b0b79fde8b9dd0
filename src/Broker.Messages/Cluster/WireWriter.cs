using System.Buffers.Binary;
using System.Text;

namespace Broker.Messages.Cluster;

/// <summary>Writes little-endian values into a buffer that grows, is cleared and used again.</summary>
public sealed class WireWriter
{
    private const int KeptBytes = 1 << 20;

    private byte[] _buffer = new byte[512];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, Length);

    public void Clear()
    {
        Length = 0;
        if (_buffer.Length > KeptBytes)
        {
            _buffer = new byte[512];
        }
    }

    public void Byte(byte value) => Take(1)[0] = value;

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void UInt16(int value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), checked((ushort)value));

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    public void Node(Incarnation node) => node.Value.TryWriteBytes(Take(16));

    public void Text(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        UInt16(length);
        Encoding.UTF8.GetBytes(text, Take(length));
    }

    /// <summary>A text that may be absent.</summary>
    public void OptionalText(string? text)
    {
        Bool(text is not null);
        if (text is not null)
        {
            Text(text);
        }
    }

    /// <summary>Bytes with their length.</summary>
    public void Block(ReadOnlySpan<byte> bytes)
    {
        Int32(bytes.Length);
        Raw(bytes);
    }

    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void Epoch(Epoch epoch)
    {
        Int64(unchecked((long)epoch.Life));
        Int64(epoch.Term);
    }

    public void Position(Position position)
    {
        Epoch(position.Epoch);
        Int64(position.Offset);
    }

    public void Channel(ChannelName channel)
    {
        Text(channel.App);
        Text(channel.Text);
    }

    public void Event(ChannelEvent value)
    {
        var size = EventCodec.Size(value);
        EventCodec.Write(value, Take(size));
    }

    /// <summary>Leaves room for a length; <see cref="EndBlock"/> fills it in.</summary>
    public int BeginBlock()
    {
        Int32(0);
        return Length;
    }

    public void EndBlock(int start) => BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(start - 4), Length - start);

    /// <summary>Drops what was written behind <paramref name="length"/>.</summary>
    public void CutTo(int length) => Length = length;

    private Span<byte> Take(int count)
    {
        if (_buffer.Length - Length < count)
        {
            Array.Resize(ref _buffer, Math.Max(Length + count, _buffer.Length * 2));
        }

        var taken = _buffer.AsSpan(Length, count);
        Length += count;
        return taken;
    }
}
