namespace Broker.Transport.Tests.Deflate;

/// <summary>A stream that reads what it was given and keeps what is written.</summary>
internal sealed class DuplexMemory(byte[] toRead) : Stream
{
    private readonly MemoryStream _written = new();
    private int _read;

    public byte[] Written => _written.ToArray();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        count = Math.Min(count, toRead.Length - _read);
        toRead.AsSpan(_read, count).CopyTo(buffer.AsSpan(offset));
        _read += count;
        return count;
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => _written.Write(buffer, offset, count);

    protected override void Dispose(bool disposing)
    {
        _written.Dispose();
        base.Dispose(disposing);
    }
}
