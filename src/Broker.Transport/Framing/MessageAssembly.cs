using System.Buffers;
using Broker.Actors.Sessions;
using Broker.Transport.Deflate;

namespace Broker.Transport.Framing;

/// <summary>A message that cannot be delivered where it lies: in fragments, in pieces, or deflated. Its buffer is pooled.</summary>
internal sealed class MessageAssembly(FrameKind kind, bool isDeflated, int maxBytes) : IDisposable
{
    private const int FirstBuffer = 4 * 1024;
    private const int MostReserved = 256 * 1024;   // an announced length alone gets no more than this

    private byte[] _buffer = [];
    private int _length;
    private Utf8Validator _utf8;
    private MessageInflater? _inflater = isDeflated ? new MessageInflater() : null;

    public FrameKind Kind => kind;

    public bool IsDeflated => isDeflated;

    /// <summary>Payload bytes that came so far, as they were on the wire.</summary>
    public long WireBytes { get; private set; }

    /// <summary>True once <see cref="Complete"/> went well.</summary>
    public bool IsDelivered { get; private set; }

    public ReadOnlySpan<byte> Payload => _buffer.AsSpan(0, _length);

    /// <summary>Deflate never adds more than this to what cannot be compressed (stored blocks; RFC 1951 section 3.2.4).</summary>
    public static long MaxDeflatedBytes(int maxBytes) => maxBytes + (long)(maxBytes >> 8) + 64;

    /// <param name="piece">Unmasked bytes.</param>
    /// <param name="toCome">Bytes of the same frame still to come.</param>
    /// <returns>Null when all is well so far, else how to close.</returns>
    public Disconnect? Append(ReadOnlySpan<byte> piece, long toCome)
    {
        WireBytes += piece.Length;
        if (_inflater is not null)
        {
            _inflater.Feed(piece);
            return Inflate(_inflater);
        }

        Reserve(piece.Length, (int)Math.Min(piece.Length + toCome, MostReserved));
        piece.CopyTo(_buffer.AsSpan(_length));
        return Keep(piece.Length);
    }

    /// <summary>The last piece has come.</summary>
    /// <returns>Null when the message is whole, else how to close.</returns>
    public Disconnect? Complete()
    {
        if (_inflater is not null)
        {
            _inflater.FeedTail();
            if (Inflate(_inflater) is { } failure)
            {
                return failure;
            }

            if (!_inflater.IsAtEnd())
            {
                return Disconnect.InvalidPayload;
            }

            _inflater.Dispose();
            _inflater = null;
        }

        IsDelivered = true;
        return _utf8.IsComplete ? null : Disconnect.InvalidPayload;
    }

    public void Dispose()
    {
        _inflater?.Dispose();
        _inflater = null;
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _length = 0;
        }
    }

    private Disconnect? Inflate(MessageInflater inflater)
    {
        while (true)
        {
            Reserve(1, FirstBuffer);
            if (!inflater.TryRead(_buffer.AsSpan(_length), out var count))
            {
                return Disconnect.InvalidPayload;
            }

            if (count == 0)
            {
                return null;
            }

            if (count > maxBytes - _length)
            {
                return Disconnect.TooBig;
            }

            if (Keep(count) is { } failure)
            {
                return failure;
            }
        }
    }

    private Disconnect? Keep(int count)
    {
        var added = _buffer.AsSpan(_length, count);
        _length += count;
        return kind == FrameKind.Text && !_utf8.Feed(added) ? Disconnect.InvalidPayload : null;
    }

    private void Reserve(int needed, int wanted)
    {
        if (_buffer.Length - _length >= needed)
        {
            return;
        }

        var size = Math.Max(_length + Math.Max(needed, wanted), _buffer.Length == 0 ? FirstBuffer : _buffer.Length * 2);
        var larger = ArrayPool<byte>.Shared.Rent(size);
        Payload.CopyTo(larger);
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = larger;
    }
}
