using System.Buffers;

namespace Broker.Transport.Deflate;

/// <summary>What an inflater reads from: one piece at a time, nothing in between.</summary>
internal sealed class PieceStream : Stream
{
    private byte[] _piece = [];
    private int _start;
    private int _end;

    /// <summary>True when more was asked for than the piece had.</summary>
    public bool WasShort { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Set(ReadOnlySpan<byte> piece)
    {
        if (_piece.Length < piece.Length)
        {
            Return();
            _piece = ArrayPool<byte>.Shared.Rent(piece.Length);
        }

        piece.CopyTo(_piece);
        _start = 0;
        _end = piece.Length;
        WasShort = false;
    }

    public override int Read(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _end - _start);
        _piece.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        WasShort |= count == 0;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        Return();
        base.Dispose(disposing);
    }

    private void Return()
    {
        if (_piece.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_piece);
            _piece = [];
        }
    }
}
