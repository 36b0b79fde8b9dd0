using System.IO.Compression;

namespace Broker.Transport.Deflate;

/// <summary>Inflates one message as its pieces come, RFC 7692 section 7.2.2.</summary>
internal sealed class MessageInflater : IDisposable
{
    private readonly PieceStream _source = new();
    private readonly DeflateStream _inflater;

    public MessageInflater() => _inflater = new DeflateStream(_source, CompressionMode.Decompress);

    /// <summary>Gives the next piece; the one before must have been read to its end.</summary>
    public void Feed(ReadOnlySpan<byte> deflated) => _source.Set(deflated);

    /// <summary>Gives the bytes that the sender left out at the message's end.</summary>
    public void FeedTail() => _source.Set([0x00, 0x00, 0xFF, 0xFF]);

    /// <summary>Inflates what was fed; 0 bytes when it is used up. False when it is no deflated data.</summary>
    public bool TryRead(Span<byte> destination, out int count)
    {
        try
        {
            count = _inflater.Read(destination);
            return true;
        }
        catch (InvalidDataException)
        {
            count = 0;
            return false;
        }
    }

    /// <summary>After the tail: true when the data ended between two blocks, as a whole message does.</summary>
    public bool IsAtEnd()
    {
        // A last, empty block: whoever stands between blocks ends with it, whoever does not wants more.
        _source.Set([0x03, 0x00]);
        Span<byte> none = stackalloc byte[1];
        return TryRead(none, out var count) && count == 0 && !_source.WasShort;
    }

    public void Dispose()
    {
        _inflater.Dispose();
        _source.Dispose();
    }
}
