namespace Broker.Transport.Deflate;

/// <summary>What a compressor writes to: a buffer that says when it was too small.</summary>
internal sealed class BoundedSink : Stream
{
    private byte[] _buffer = [];
    private int _bound;

    public int Written { get; private set; }

    public bool IsOver { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Starts again; an empty buffer takes nothing and forgets the old one.</summary>
    public void Reset(byte[] buffer, int bound)
    {
        _buffer = buffer;
        _bound = bound;
        Written = 0;
        IsOver = false;
    }

    /// <summary>Takes back the last bytes written.</summary>
    public void Cut(int count) => Written -= count;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (IsOver || buffer.Length > _bound - Written)
        {
            IsOver = true;
            return;
        }

        buffer.CopyTo(_buffer.AsSpan(Written));
        Written += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
