using System.Buffers;

namespace Broker.Actors.Loops;

/// <summary>A growing buffer that is cleared and used again; shrinks after a giant, so that one does not cost for ever.</summary>
public sealed class PayloadWriter : IBufferWriter<byte>
{
    private const int KeptBytes = 256 * 1024;

    private byte[] _buffer = new byte[1024];
    private int _written;

    public ReadOnlySpan<byte> WrittenSpan => _buffer.AsSpan(0, _written);

    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _written);

    public int WrittenCount => _written;

    public void Clear()
    {
        _written = 0;
        if (_buffer.Length > KeptBytes)
        {
            _buffer = new byte[1024];
        }
    }

    public void Advance(int count) => _written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _buffer.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _buffer.AsSpan(_written);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Grow(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_written));
        _written += bytes.Length;
    }

    private void Grow(int sizeHint)
    {
        var wanted = _written + Math.Max(sizeHint, 64);
        if (wanted > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(wanted, _buffer.Length * 2));
        }
    }
}
